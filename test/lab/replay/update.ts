/** `node test/lab/replay/update.ts`: writes the document that tells how true the lab is. */
import { writeFileSync } from 'node:fs'
import { fidelityFile } from './fidelity.ts'
import { groups } from './groups/index.ts'
import { fidelityTable } from './table.ts'

writeFileSync(fidelityFile, fidelityTable(groups))
