/**
 * The same made-up values in each run, so that a change is not refused for what another change did; other ones with
 * `NCI_TEST_SEED=$RANDOM npm test`. fast-check prints the seed with what fails.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.NCI_TEST_SEED ?? 3) })
