export * from "./ContractCase.ts"
