import { inventoryCases } from './cases/inventory.ts'
import { testErrors } from './error-cases.ts'

testErrors(inventoryCases)
