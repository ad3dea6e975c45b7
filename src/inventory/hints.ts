import { quote } from '../core/shell.ts'
import { type Source, wordOf } from './sources.ts'

/**
 * What to do where Ansible lacks the password of a vault, or has another one; nothing of its own for other reasons.
 *
 * @param reason what Ansible says
 */
export function vaultHint(reason: string): { readonly hint?: string } {
  if (!/vault secrets|vault password|undecryptable variable/i.test(reason)) return {}
  return {
    hint: 'Give the password of the vault: `--vault-password-file`, or ANSIBLE_VAULT_PASSWORD_FILE in the environment.',
  }
}

/** What to do about an inventory that cannot be read. */
export function unreadableHint(sources: readonly Source[]): { readonly hint: string } {
  const command = ansibleInventory(sources)
  return { hint: `Correct it; \`${command} --list\` says more where Ansible is installed.` }
}

/** What to do about an inventory in which Ansible finds no hosts. */
export function emptyHint(sources: readonly Source[]): { readonly hint: string } {
  const command = ansibleInventory(sources)
  return {
    hint: `Check that it is the one that was meant; \`${command} --graph\` shows what Ansible makes of it.`,
  }
}

/** As one types it. */
function ansibleInventory(sources: readonly Source[]): string {
  return ['ansible-inventory', ...sources.map((source) => `-i ${quote(wordOf(source))}`)].join(' ')
}
