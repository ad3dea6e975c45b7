// Generated from schemas/ by `npm run generate`; do not edit.

/** What ajv says of one mistake. */
export interface ValidationError {
  readonly instancePath: string
  readonly schemaPath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message?: string
}
/** Checks a document and fills its defaults in; the mistakes are on the function. */
export interface Validator {
  (document: unknown): boolean
  errors?: readonly ValidationError[] | null
}
export const iso_build: Validator
export const iso_download: Validator
export const iso_upload: Validator
export const vm_create: Validator
export const vm_start: Validator
export const ssh_wait: Validator
export const nixos_install: Validator
export const vm_detach: Validator
export const vm_info: Validator
export const vm_destroy: Validator
export const provision: Validator
export const batch: Validator
export const teardown: Validator
export const inventory: Validator
export const doctor: Validator
export const host: Validator
export const lab: Validator
