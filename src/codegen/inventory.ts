import { inventoryVariables } from './ansible/role.ts'

/** What the reader of inventories knows of variables. */
export function generateInventory(): string {
  return `/** Variables of an inventory to the properties of a document that they give; the host's own are in dicts. */
export const inventoryVariables: Readonly<Record<string, string>> = ${JSON.stringify(inventoryVariables(), null, 2)}
`
}
