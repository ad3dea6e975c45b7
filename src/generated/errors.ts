// Generated from schemas/ by `npm run generate`; do not edit.

export const errorCatalogue = {
  "ENGINE_BUG": {
    "exitCode": 1,
    "retryable": false,
    "message": "The engine failed in a way it should not: {reason}.",
    "hint": "This is a bug. Please report it with the command and this message; NCI_DEBUG=1 prints the stack trace on stderr."
  },
  "USAGE": {
    "exitCode": 2,
    "retryable": false,
    "message": "{reason}.",
    "hint": "See `{help}`."
  },
  "INPUT_UNREADABLE": {
    "exitCode": 3,
    "retryable": false,
    "message": "The input document {file} cannot be read: {reason}.",
    "hint": "Give `--input` the path of a readable JSON file, or `-` for standard input."
  },
  "INPUT_NOT_JSON": {
    "exitCode": 3,
    "retryable": false,
    "message": "The input {file} is not a JSON object: {reason}.",
    "hint": "Check its syntax; `nci schema {step}` prints what belongs in it."
  },
  "INPUT_INVALID": {
    "exitCode": 3,
    "retryable": false,
    "message": "The input is not valid: {problems}.",
    "hint": "Correct the values named; `nci schema {step}` prints what belongs in it."
  },
  "SECRET_UNREADABLE": {
    "exitCode": 3,
    "retryable": false,
    "message": "The file {file} for {name} cannot be read: {reason}.",
    "hint": "Give the path of a readable file that holds the secret alone."
  },
  "TIMEOUT": {
    "exitCode": 5,
    "retryable": true,
    "message": "{what} did not end within {seconds} seconds.",
    "hint": "Give it longer with `--timeout`; running it again carries on where it stopped."
  },
  "INTERRUPTED": {
    "exitCode": 130,
    "retryable": true,
    "message": "Interrupted by {signal}.",
    "hint": "Run it again: it carries on where it stopped."
  },
  "PVE_HOST_MISSING": {
    "exitCode": 3,
    "retryable": false,
    "message": "No Proxmox host was given.",
    "hint": "Set `api_host` (`--api-host`, or the environment variable PROXMOX_HOST)."
  },
  "PVE_ENDPOINT_INVALID": {
    "exitCode": 3,
    "retryable": false,
    "message": "`{endpoint}` is not a Proxmox endpoint.",
    "hint": "Write a host name, an address, or a URL such as https://pve.example.org:8006."
  },
  "PVE_CREDENTIALS_MISSING": {
    "exitCode": 3,
    "retryable": false,
    "message": "No complete Proxmox credentials were given: {missing} is missing.",
    "hint": "Set `api_user`, `api_token_id` and `api_token_secret` (PROXMOX_USER, PROXMOX_TOKEN_ID, PROXMOX_TOKEN_SECRET), or `api_user` and `api_password`."
  },
  "PVE_CA_UNREADABLE": {
    "exitCode": 3,
    "retryable": false,
    "message": "The CA file {file} cannot be used: {reason}.",
    "hint": "Give `ca_path` a readable file with certificates in PEM, such as a copy of /etc/pve/pve-root-ca.pem."
  },
  "PVE_UNREACHABLE": {
    "exitCode": 4,
    "retryable": true,
    "message": "Proxmox at {endpoint} cannot be reached: {reason}.",
    "hint": "Check the host name, the port (8006 unless it was changed) and the network between here and there."
  },
  "PVE_NOT_PROXMOX": {
    "exitCode": 4,
    "retryable": false,
    "message": "What answers at {endpoint} is not a Proxmox VE API: {reason}.",
    "hint": "Check the host and the port: the API is served at port 8006 with HTTPS."
  },
  "PVE_TLS_UNTRUSTED": {
    "exitCode": 4,
    "retryable": false,
    "message": "The certificate of {endpoint} is not trusted: {reason}.",
    "hint": "Give the cluster's CA with `ca_path` (a copy of /etc/pve/pve-root-ca.pem), or its fingerprint with `api_fingerprint` after comparing it with `pvenode cert info`; it shows {fingerprint}."
  },
  "PVE_TLS_FINGERPRINT": {
    "exitCode": 4,
    "retryable": false,
    "message": "The certificate of {endpoint} has the fingerprint {fingerprint}, not the expected one.",
    "hint": "If the certificate was renewed, compare with `pvenode cert info` on the node and set the new `api_fingerprint`. Otherwise somebody is in between."
  },
  "PVE_AUTH_FAILED": {
    "exitCode": 4,
    "retryable": false,
    "message": "Proxmox at {endpoint} refuses the credentials of {user}: {reason}.",
    "hint": "Check user, realm, token name and secret; `pveum user token list USER` lists the tokens on a node."
  },
  "PVE_FORBIDDEN": {
    "exitCode": 4,
    "retryable": false,
    "message": "Proxmox does not let this user {request}: {reason}.",
    "hint": "Give the user, and the token unless it has no privilege separation, the privilege named, with `pveum acl modify PATH --users USER --roles ROLE`. The README lists what each step needs."
  },
  "PVE_PARAMETER": {
    "exitCode": 4,
    "retryable": false,
    "message": "Proxmox does not accept the values to {request}: {reason}.",
    "hint": "Correct the values named: {parameters}."
  },
  "PVE_REQUEST_FAILED": {
    "exitCode": 4,
    "retryable": false,
    "message": "Proxmox could not {request}: {reason}.",
    "hint": "The journal of pvedaemon and pveproxy on the node says more."
  },
  "PVE_CONNECTION_LOST": {
    "exitCode": 4,
    "retryable": true,
    "message": "The connection to Proxmox at {endpoint} broke while it was asked to {request}: {reason}.",
    "hint": "Run it again: it looks at what is there and carries on."
  },
  "PVE_TASK_FAILED": {
    "exitCode": 4,
    "retryable": false,
    "message": "The Proxmox task `{task}` failed: {reason}.",
    "hint": "The end of its log is in `details.log`; the whole log is in the web interface under the UPID {upid}."
  },
  "PVE_NODE_UNKNOWN": {
    "exitCode": 4,
    "retryable": false,
    "message": "There is no node `{node}`; the cluster has {nodes}.",
    "hint": "Set `node` to one of them."
  },
  "PVE_NODE_REQUIRED": {
    "exitCode": 3,
    "retryable": false,
    "message": "The cluster has several nodes ({nodes}) and none was chosen.",
    "hint": "Set `node`."
  },
  "PVE_NODE_OFFLINE": {
    "exitCode": 4,
    "retryable": true,
    "message": "The node `{node}` is not online.",
    "hint": "Start the node, or set `node` to another one."
  },
  "PVE_STORAGE_UNKNOWN": {
    "exitCode": 4,
    "retryable": false,
    "message": "The node `{node}` has no storage `{storage}`; it has {storages}.",
    "hint": "Set `{property}` to one of them."
  },
  "PVE_STORAGE_CONTENT": {
    "exitCode": 4,
    "retryable": false,
    "message": "The storage `{storage}` does not take content of type `{content}`.",
    "hint": "Allow it with `pvesm set {storage} --content {allowed},{content}`, or set `{property}` to a storage that does: {suitable}."
  },
  "PVE_STORAGE_FULL": {
    "exitCode": 4,
    "retryable": false,
    "message": "The storage `{storage}` of node `{node}` has {available} left, and {needed} are needed.",
    "hint": "Free space on it, or set `{property}` to another storage."
  },
  "PVE_ISO_MISSING": {
    "exitCode": 4,
    "retryable": false,
    "message": "There is no ISO `{volid}` on node `{node}`.",
    "hint": "Upload it first with `nci iso upload`; it prints the volume id."
  },
  "PVE_FILE_DIFFERS": {
    "exitCode": 4,
    "retryable": false,
    "message": "The storage holds another file under the name {volid}: {difference}.",
    "hint": "Choose another `filename`, or set `replace: true` to overwrite it."
  },
  "PVE_BRIDGE_UNKNOWN": {
    "exitCode": 4,
    "retryable": false,
    "message": "The node `{node}` has no bridge `{bridge}`; it has {bridges}.",
    "hint": "Set `bridge` of the network to one of them."
  },
  "PVE_VM_NOT_FOUND": {
    "exitCode": 4,
    "retryable": false,
    "message": "There is no VM {vm} on the cluster.",
    "hint": "`nci vm info --name NAME` looks by name; a token without VM.Audit does not see the VM at all."
  },
  "PVE_VM_AMBIGUOUS": {
    "exitCode": 4,
    "retryable": false,
    "message": "Several VMs are called `{name}`: {vmids}.",
    "hint": "Say which with `vmid`."
  },
  "PVE_VM_FOREIGN": {
    "exitCode": 4,
    "retryable": false,
    "message": "The VM {vmid} (`{name}`) was not created by this tool and is left alone.",
    "hint": "Choose another name or id. {way}"
  },
  "PVE_VMID_TAKEN": {
    "exitCode": 4,
    "retryable": false,
    "message": "The VM id {vmid} is taken by `{name}`.",
    "hint": "Choose another `vmid`, or leave it out to take the next free one."
  },
  "PVE_NAME_TAKEN": {
    "exitCode": 4,
    "retryable": false,
    "message": "`{name}` is the VM {other} already, and `vmid` asks for {vmid}.",
    "hint": "Leave `vmid` out to go on with that VM, or choose another name."
  },
  "PVE_VMID_RANGE_FULL": {
    "exitCode": 4,
    "retryable": false,
    "message": "No VM id is free from {min} to {max}.",
    "hint": "Widen `vmid_min` and `vmid_max`."
  },
  "PVE_VM_LOCKED": {
    "exitCode": 4,
    "retryable": true,
    "message": "The VM {vmid} is locked ({lock}).",
    "hint": "Wait for the backup, migration or creation that holds it; a stale lock goes with `qm unlock {vmid}` on the node."
  },
  "PVE_VM_PROTECTED": {
    "exitCode": 4,
    "retryable": false,
    "message": "The VM {vmid} is protected against removal.",
    "hint": "Take the protection away first: `qm set {vmid} --protection 0`."
  },
  "PVE_VM_RUNNING": {
    "exitCode": 4,
    "retryable": false,
    "message": "The VM {vmid} is running.",
    "hint": "Stop it first, or set `stop: true`."
  },
  "PVE_VM_NOT_RUNNING": {
    "exitCode": 4,
    "retryable": false,
    "message": "The VM {vmid} is not running.",
    "hint": "Start it with `nci vm start`."
  },
  "PVE_DETACH_INCOMPLETE": {
    "exitCode": 4,
    "retryable": false,
    "message": "On VM {vmid}, {settings} could not be removed.",
    "hint": "Stop the VM in Proxmox (a reboot from inside is not enough) and run `nci vm detach` again."
  },
  "ISO_FILE_MISSING": {
    "exitCode": 3,
    "retryable": false,
    "message": "The ISO file {file} cannot be read: {reason}.",
    "hint": "Give the path of an existing file, or leave `iso_path` out to download a release."
  },
  "ISO_NOT_AN_ISO": {
    "exitCode": 4,
    "retryable": false,
    "message": "{file} is not an ISO 9660 image.",
    "hint": "Check where it came from: an error page or a broken download may have its name."
  },
  "RELEASE_NOT_FOUND": {
    "exitCode": 4,
    "retryable": false,
    "message": "{repository} has no release `{release}`; the newest are {releases}.",
    "hint": "Set `iso_release` to one of them or to `latest`, or give `iso_url` or `iso_path`."
  },
  "RELEASE_NONE": {
    "exitCode": 4,
    "retryable": false,
    "message": "{repository} has no published release.",
    "hint": "A tag or a draft is no release. Set `iso_repository` to another, or give `iso_url` or `iso_path`."
  },
  "RELEASE_ASSET_MISSING": {
    "exitCode": 4,
    "retryable": false,
    "message": "The release {release} of {repository} has no ISO for {architecture}; it has {assets}.",
    "hint": "Choose another `iso_release`, or give `iso_url` or `iso_path`."
  },
  "RELEASE_DIGEST_MISSING": {
    "exitCode": 4,
    "retryable": false,
    "message": "GitHub states no digest for {asset} of {release}, so it cannot be verified.",
    "hint": "Assets uploaded before June 2025 have none: give the SHA-256 with `iso_checksum`."
  },
  "RELEASE_RATE_LIMITED": {
    "exitCode": 4,
    "retryable": true,
    "message": "GitHub's API takes no more requests from here until {reset}.",
    "hint": "Set GITHUB_TOKEN: it lifts the limit from 60 to 5,000 requests an hour."
  },
  "RELEASE_FORBIDDEN": {
    "exitCode": 4,
    "retryable": false,
    "message": "GitHub denies access to {repository}: {reason}.",
    "hint": "Check the name, and that GITHUB_TOKEN is valid and may read the repository."
  },
  "DOWNLOAD_FAILED": {
    "exitCode": 4,
    "retryable": true,
    "message": "{url} could not be downloaded: {reason}.",
    "hint": "Check the URL, the network and the proxy settings (HTTPS_PROXY, NO_PROXY); what was loaded is kept and continued."
  },
  "CHECKSUM_MISMATCH": {
    "exitCode": 4,
    "retryable": false,
    "message": "{file} has the SHA-256 {actual}, not {expected}.",
    "hint": "The file was changed or damaged on the way, or the checksum belongs to another one. It was not used."
  },
  "CACHE_UNUSABLE": {
    "exitCode": 3,
    "retryable": false,
    "message": "The folder {folder} cannot be used: {reason}.",
    "hint": "Set `cache_dir` to a folder that can be written to and has room."
  },
  "SSH_KEY_MISSING": {
    "exitCode": 3,
    "retryable": false,
    "message": "There is no private key to log in with: {reason}.",
    "hint": "Set `ssh_private_key_file`, or make a key with `ssh-keygen -t ed25519`."
  },
  "SSH_KEY_UNUSABLE": {
    "exitCode": 3,
    "retryable": false,
    "message": "The private key {file} cannot be used: {reason}.",
    "hint": "Give an OpenSSH or PEM private key; for an encrypted one also `ssh_private_key_passphrase`."
  },
  "SSH_ADDRESS_MAP_INVALID": {
    "exitCode": 3,
    "retryable": false,
    "message": "The address map {file} cannot be used: {reason}.",
    "hint": "It is a JSON object from one `host:port` to another; `nci schema ssh.wait` shows one."
  },
  "SSH_NOT_READY": {
    "exitCode": 5,
    "retryable": true,
    "message": "The guest could not be logged in to within {seconds} seconds; it got as far as: {stage}. {known}",
    "hint": "{guess}"
  },
  "SSH_HOST_KEY_MISMATCH": {
    "exitCode": 4,
    "retryable": false,
    "message": "The SSH server at {address} shows the host key {actual}, not the expected one.",
    "hint": "If the machine was installed anew, the expected key is out of date: {way}. Otherwise somebody is in between."
  },
  "SSH_CONNECTION_LOST": {
    "exitCode": 4,
    "retryable": true,
    "message": "The SSH connection to {address} broke: {reason}.",
    "hint": "Look at the VM's console, then run it again."
  },
  "SSH_WRONG_SYSTEM": {
    "exitCode": 4,
    "retryable": false,
    "message": "What answers at {address} is {found}, not {expected}.",
    "hint": "Check the VM's boot order and console, and that the address belongs to this VM alone."
  },
  "INSTALL_NOT_THE_INSTALLER": {
    "exitCode": 4,
    "retryable": false,
    "message": "The machine at {address} is no installer but `{os}` with the host name `{hostname}`: nothing was changed on it.",
    "hint": "Boot the VM from the installer ISO; only from there disks are formatted."
  },
  "INSTALL_WRONG_MACHINE": {
    "exitCode": 4,
    "retryable": false,
    "message": "The machine at {address} has the DMI UUID {actual}, but the VM {vmid} has {expected}: nothing was changed on it.",
    "hint": "Another machine has this address. Check for a duplicate address and the VM's network."
  },
  "INSTALL_DISK_NOT_BLANK": {
    "exitCode": 4,
    "retryable": false,
    "message": "The disks of {address} are not blank: {found}. Nothing was changed on them.",
    "hint": "If they may be wiped, set `reinstall: true` for this host alone."
  },
  "NIXOS_ANYWHERE_MISSING": {
    "exitCode": 3,
    "retryable": false,
    "message": "nixos-anywhere was not found: {reason}.",
    "hint": "Install it (`nix profile install nixpkgs#nixos-anywhere`), install Nix so that `nix run` can fetch it, or set `nixos_anywhere` to its path."
  },
  "NIX_UNUSABLE": {
    "exitCode": 3,
    "retryable": false,
    "message": "The Nix on this machine cannot be used: {reason}.",
    "hint": "nixos-anywhere needs Nix 2.26 or newer, with `experimental-features = nix-command flakes`."
  },
  "FLAKE_NOT_FOUND": {
    "exitCode": 3,
    "retryable": false,
    "message": "The flake `{flake}` cannot be used: {reason}.",
    "hint": "Write FLAKE#ATTRIBUTE, where the flake has `nixosConfigurations.ATTRIBUTE`."
  },
  "NIX_BUILD_FAILED": {
    "exitCode": 4,
    "retryable": false,
    "message": "The system `{flake}` could not be built: {reason}.",
    "hint": "Build it by hand to see more: `nix build {installable}`."
  },
  "INSTALL_FILES_MISSING": {
    "exitCode": 3,
    "retryable": false,
    "message": "{property} cannot be used: {reason}.",
    "hint": "Give the path of something readable."
  },
  "INSTALL_FAILED": {
    "exitCode": 4,
    "retryable": false,
    "message": "nixos-anywhere failed in the phase `{phase}`: {reason}.",
    "hint": "{way}"
  },
  "INSTALL_SILENT": {
    "exitCode": 5,
    "retryable": true,
    "message": "nixos-anywhere said nothing for {seconds} seconds in the phase `{phase}`.",
    "hint": "Look at the VM's console; give it longer with `silence_timeout`. Running it again carries on."
  },
  "INSTALL_UNPROVEN": {
    "exitCode": 4,
    "retryable": false,
    "message": "The installation cannot be proved: {reason}.",
    "hint": "Look at the VM's console and boot order before using it; the log has all that nixos-anywhere printed."
  },
  "LAB_FAILED": {
    "exitCode": 4,
    "retryable": false,
    "message": "The lab cannot run: {reason}.",
    "hint": "{way}"
  }
} as const

export type ErrorCode = keyof typeof errorCatalogue
