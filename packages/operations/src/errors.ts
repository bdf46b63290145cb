/** The errors of operations for whoever shows or answers them; the engine is not loaded for it. */
export {
  type OperationsErrorCode,
  operationsErrors,
  type OperationsErrorTag
} from "./domain/errorPages.ts"
export { isOperationsError, type OperationsError } from "./domain/OperationsError.ts"
