import { batchCases } from './cases/batch.ts'
import { testErrors } from './error-cases.ts'

testErrors(batchCases)
