import { releaseCases } from './cases/release.ts'
import { testErrors } from './error-cases.ts'

testErrors(releaseCases)
