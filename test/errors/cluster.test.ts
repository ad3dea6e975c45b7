import { clusterCases } from './cases/cluster.ts'
import { testErrors } from './error-cases.ts'

testErrors(clusterCases)
