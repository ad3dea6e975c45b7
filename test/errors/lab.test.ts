import { labCases } from './cases/lab.ts'
import { testErrors } from './error-cases.ts'

testErrors(labCases)
