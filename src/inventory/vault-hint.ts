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
