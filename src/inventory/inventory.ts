/** What is to be read, and by whom. */
export interface InventorySource {
  /** As `--inventory` has it: a file, a folder, a script, several with commas between them, or hosts (`web1,web2,`). */
  readonly inventory: string
  /** Pattern of the hosts to take. */
  readonly limit?: string | undefined
  readonly inventory_reader: 'auto' | 'ansible' | 'yaml'
  readonly vault_password_file?: string | undefined
  /** The `ansible-playbook` to use. */
  readonly ansible_playbook?: string | undefined
}

/** The hosts of an inventory, in its order, with the variables that were asked for. */
export interface Inventory {
  readonly reader: 'ansible' | 'yaml'
  readonly hosts: readonly InventoryHost[]
  /** Variables of any of the hosts that begin like the wanted ones, and are none of them. */
  readonly others: readonly string[]
}

export interface InventoryHost {
  readonly name: string
  /** Its groups by name, without `all` and `ungrouped`. */
  readonly groups: readonly string[]
  /** Those of the wanted variables that it has. */
  readonly variables: Readonly<Record<string, unknown>>
  /** The file that a variable comes from, where that is known. */
  readonly origins: Readonly<Record<string, string>>
  /** Variables that it cannot have. They are not among its `variables`, or lack the part that is wrong. */
  readonly problems: readonly VariableProblem[]
}

export interface VariableProblem {
  /** The variable, or a part of it (`nixos_vm.networks[0].ip`); absent where no variable of the host can be had. */
  readonly variable?: string
  /** Why, in words without an end. */
  readonly reason: string
  /** The file it comes from, where that is known, with the line. */
  readonly file?: string
}

export interface ReadingOptions {
  /** The variables that matter; what is wrong with others is no problem. */
  readonly variables: readonly string[]
  /** How those begin, and what is misspelt. */
  readonly prefixes: readonly string[]
  readonly signal: AbortSignal
  warn(message: string): void
}
