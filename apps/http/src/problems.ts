// Apart from the service, so that whoever explains a code does not load all of it.
export { type ProblemPage, problemPages } from "./problems/statusOf.ts"
