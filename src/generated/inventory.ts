// Generated from schemas/ by `npm run generate`; do not edit.

/** Variables of an inventory to the properties of a document that they give; the host's own are in dicts. */
export const inventoryVariables: Readonly<Record<string, string>> = {
  "proxmox_api_host": "api_host",
  "proxmox_api_port": "api_port",
  "proxmox_api_user": "api_user",
  "proxmox_api_password": "api_password",
  "proxmox_api_totp_secret": "api_totp_secret",
  "proxmox_api_totp": "api_totp",
  "proxmox_api_token_id": "api_token_id",
  "proxmox_api_token_secret": "api_token_secret",
  "proxmox_validate_certs": "validate_certs",
  "proxmox_ca_path": "ca_path",
  "proxmox_api_fingerprint": "api_fingerprint",
  "proxmox_api_timeout": "api_timeout",
  "nixos_provision_timeout": "timeout",
  "nixos_provision_detach": "detach",
  "nixos_provision_on_failure": "on_failure"
}
