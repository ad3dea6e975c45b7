import { documents, type PropertyInfo } from '../generated/commands.ts'
import type { DocumentId } from '../generated/types.ts'

/** What a property takes the place of, where a weaker source gives that: it would win over it as a value. */
const displaced: Readonly<Record<string, readonly string[]>> = {
  api_password: ['api_token_id', 'api_token_secret'],
  api_totp: ['api_totp_secret'],
  ca_path: ['api_fingerprint'],
  ssh_private_key_file: ['ssh_private_key'],
  flake: ['store_paths'],
  iso_url: ['iso_path'],
  iso_release: ['iso_path', 'iso_url'],
}

/** Values of two sources; what the stronger one has displaces what would win over it. */
export function over(
  weaker: Readonly<Record<string, unknown>>,
  stronger: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const gone = new Set(Object.keys(stronger).flatMap((name) => displaced[name] ?? []))
  return { ...Object.fromEntries(Object.entries(weaker).filter(([name]) => !gone.has(name))), ...stronger }
}

/** The values that the environment has for a document. */
export function environmentValues(
  id: DocumentId,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  return Object.fromEntries(
    documents[id].properties.flatMap((property) => {
      const text = property.environment.map((name) => environment[name]).find((value) => value)
      return text === undefined ? [] : [[property.name, convert(property, text)]]
    }),
  )
}

/** The value of an environment variable; what cannot be converted is left for the validation to refuse. */
function convert(property: PropertyInfo, text: string): unknown {
  switch (property.type) {
    case 'boolean':
      if (/^(1|true|yes|on)$/i.test(text)) return true
      return /^(0|false|no|off)$/i.test(text) ? false : text
    case 'integer':
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
    default:
      return text
  }
}
