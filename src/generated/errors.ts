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
  "STDOUT_UNWRITABLE": {
    "exitCode": 4,
    "retryable": false,
    "message": "Standard output cannot be written: {reason}{outcome}.",
    "hint": "Send it where there is room for it. What a run has done stays done, and the same command tells it again."
  },
  "PROTOCOL_MISMATCH": {
    "exitCode": 2,
    "retryable": false,
    "message": "The caller speaks version {wanted} of the JSON documents, and this program version {protocol}.",
    "hint": "Bring the two to the same release; `nci version` says which this one is."
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
    "hint": "Give it longer with `timeout`; running it again carries on where it stopped."
  },
  "INTERRUPTED": {
    "exitCode": 130,
    "retryable": true,
    "message": "Interrupted by {signal}.",
    "hint": "Run it again: it carries on where it stopped."
  },
  "INVENTORY_NOT_FOUND": {
    "exitCode": 3,
    "retryable": false,
    "message": "There is no inventory {source}.",
    "hint": "Give `--inventory` the path of a file or folder; a list of hosts ends with a comma: `web1,web2,`."
  },
  "INVENTORY_UNREADABLE": {
    "exitCode": 3,
    "retryable": false,
    "message": "The inventory {source} cannot be read: {reason}.",
    "hint": "Correct it; `ansible-inventory --list` says more where Ansible is installed."
  },
  "INVENTORY_EMPTY": {
    "exitCode": 3,
    "retryable": false,
    "message": "The inventory {source} has no hosts.",
    "hint": "Check that it is the one that was meant, and that its hosts are under `hosts` of a group, such as `all`."
  },
  "INVENTORY_NEEDS_ANSIBLE": {
    "exitCode": 3,
    "retryable": false,
    "message": "Only Ansible can read the inventory {source}: {reason}.",
    "hint": "Install Ansible (`pipx install ansible-core`), or say with `--ansible-playbook` where it is. Without it, inventories are plain YAML, without templates and vaults."
  },
  "INVENTORY_VALUE": {
    "exitCode": 3,
    "retryable": false,
    "message": "{what} of {host} cannot be used: {reason}{where}.",
    "hint": "Correct it in the inventory; `nci inventory` prints the values of all hosts."
  },
  "INVENTORY_INVALID": {
    "exitCode": 3,
    "retryable": false,
    "message": "{count} of {total} hosts cannot be provisioned as the inventory {source} has them: {problems}.",
    "hint": "Correct the values named; `nci inventory` prints all hosts with their values and what is wrong with them."
  },
  "LIMIT_INVALID": {
    "exitCode": 3,
    "retryable": false,
    "message": "The limit `{limit}` cannot be used: {reason}.",
    "hint": "Correct it: names of hosts and groups, with commas between them; `!` before what is left out, `&` before what must fit too, `@` before a file."
  },
  "LIMIT_NO_MATCH": {
    "exitCode": 3,
    "retryable": false,
    "message": "The limit `{limit}` matches no host of the inventory {source}.",
    "hint": "`nci inventory --inventory '{source}'` prints the hosts and their groups."
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
  "PVE_TOTP_SECRET_INVALID": {
    "exitCode": 3,
    "retryable": false,
    "message": "`api_totp_secret` cannot be used: {reason}.",
    "hint": "Give the secret in base32, or the otpauth:// URI that Proxmox shows as a QR code when TOTP is set up."
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
  "PVE_TLS_EXPIRED": {
    "exitCode": 4,
    "retryable": false,
    "message": "The certificate of {endpoint} {what}.",
    "hint": "Renew it on the node (`pvecm updatecerts --force`, or `pvenode acme cert renew`), and check this machine's clock; or trust this very certificate with `api_fingerprint`: it shows {fingerprint}."
  },
  "PVE_TLS_HOSTNAME": {
    "exitCode": 4,
    "retryable": false,
    "message": "The certificate of {endpoint} is not for {host}; it is for {names}.",
    "hint": "Write one of these names into `api_host`, or trust this very certificate with `api_fingerprint` after comparing it with `pvenode cert info`: it shows {fingerprint}."
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
    "hint": "Check {check}."
  },
  "PVE_TFA_REQUIRED": {
    "exitCode": 4,
    "retryable": false,
    "message": "Proxmox at {endpoint} wants a second factor of {user} ({kinds}), and none is left to give.",
    "hint": "Set `api_totp_secret` (PROXMOX_TOTP_SECRET) to the secret of TOTP, or `api_totp` to one code. Or use an API token: it needs no second factor."
  },
  "PVE_TFA_FAILED": {
    "exitCode": 4,
    "retryable": false,
    "message": "Proxmox at {endpoint} refuses the one-time code of {user}.",
    "hint": "Check that the secret is this user's, and this machine's clock; a code counts once. After too many wrong ones Proxmox locks TOTP: `pveum user tfa unlock {user}`."
  },
  "PVE_TICKET_EXPIRED": {
    "exitCode": 4,
    "retryable": false,
    "message": "The login of {user} at {endpoint} has expired, and there is no other: {reason}.",
    "hint": "Use an API token, which does not expire in the middle of a run, or give `api_totp_secret`, from which any number of codes can be computed."
  },
  "PVE_FORBIDDEN": {
    "exitCode": 4,
    "retryable": false,
    "message": "Proxmox does not let this user {request}: {reason}.",
    "hint": "`nci doctor` with the same document prints the commands that grant all that is missing, to the user and to the token where it takes both."
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
  "PVE_BUSY": {
    "exitCode": 4,
    "retryable": true,
    "message": "Proxmox cannot {request} at the moment: {reason}.",
    "hint": "What is safe to repeat was tried several times. Something else holds what is needed, or the server is overloaded: run it again later."
  },
  "PVE_NO_QUORUM": {
    "exitCode": 4,
    "retryable": true,
    "message": "Proxmox could not {request}: the cluster has no quorum.",
    "hint": "Too few of its nodes see each other, and nothing can be changed until they do. `pvecm status` on a node says which are missing."
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
  "PVE_TASK_STOPPED": {
    "exitCode": 4,
    "retryable": true,
    "message": "The Proxmox task `{task}` was stopped before it was done: {reason}.",
    "hint": "Somebody stopped it, or its node went down. The end of its log is in `details.log`; the task is in the web interface under the UPID {upid}. Running it again carries on."
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
    "message": "The node `{node}` is down, or does not answer in time.",
    "hint": "Start the node, or set `node` to another one."
  },
  "PVE_NODE_TOO_SMALL": {
    "exitCode": 4,
    "retryable": false,
    "message": "The node `{node}` has {available} in all, and `{name}` is to have {needed}.",
    "hint": "Such a VM does not start. Choose another `node`, or a smaller `{property}`."
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
    "message": "The storage `{storage}` of node `{node}` has too little room: {shortage}.",
    "hint": "Free space on it, or set `{property}` to another storage."
  },
  "PVE_ISO_MISSING": {
    "exitCode": 4,
    "retryable": false,
    "message": "There is no ISO `{volid}` on node `{node}`.",
    "hint": "Upload it first with `nci iso upload`; it prints the volume id."
  },
  "PVE_TEMP_FULL": {
    "exitCode": 4,
    "retryable": false,
    "message": "The root file system of node `{node}` has {available} left, and {needed} are needed while an upload passes through /var/tmp.",
    "hint": "Free space on the node, or let Proxmox fetch the ISO itself (`via: proxmox`), which needs no room there."
  },
  "PVE_UPLOAD_BROKEN": {
    "exitCode": 4,
    "retryable": true,
    "message": "The upload of {name} to the storage `{storage}` was cut {attempts} times: {reason}.",
    "hint": "Nothing was left behind. Look for what cuts long requests to {endpoint}: a proxy or firewall in between, or a full /var/tmp on the node. Or let Proxmox fetch the ISO itself (`via: proxmox`)."
  },
  "PVE_DOWNLOAD_FAILED": {
    "exitCode": 4,
    "retryable": true,
    "message": "Proxmox could not download {url}: {reason}.",
    "hint": "Check the URL and that the node reaches it; `url_validate_certs: false` accepts any certificate. Or download it here and upload the file."
  },
  "ISO_FILE_CHANGED": {
    "exitCode": 4,
    "retryable": true,
    "message": "The ISO file {file} was changed while it was uploaded.",
    "hint": "Run it again once whatever writes the file is done. Nothing of it was left on the storage."
  },
  "PVE_FILE_DIFFERS": {
    "exitCode": 4,
    "retryable": false,
    "message": "The storage holds another file under the name {volid}: {difference}.",
    "hint": "Choose another `filename`, or set `replace: true` to overwrite it."
  },
  "PVE_ISO_IN_USE": {
    "exitCode": 4,
    "retryable": false,
    "message": "{volid} is not replaced, as it is in use by {vms}.",
    "hint": "Choose another `filename`, or take the ISO out of these first (`nci vm detach`)."
  },
  "PVE_BRIDGE_UNKNOWN": {
    "exitCode": 4,
    "retryable": false,
    "message": "The node `{node}` has no bridge `{bridge}`; it has {bridges}.",
    "hint": "Set `bridge` of the network to one of them."
  },
  "PVE_POOL_UNKNOWN": {
    "exitCode": 4,
    "retryable": false,
    "message": "There is no resource pool `{pool}`.",
    "hint": "Set `pool` to one that exists (`pvesh get /pools` on a node lists them), or create it with `pveum pool add {pool}`."
  },
  "PVE_VM_NOT_FOUND": {
    "exitCode": 4,
    "retryable": false,
    "message": "There is no VM {vm} on the cluster.",
    "hint": "Check the name or the id, and the user or token: without VM.Audit on a VM it does not see it at all."
  },
  "PVE_VM_AMBIGUOUS": {
    "exitCode": 4,
    "retryable": false,
    "message": "Several VMs are called `{name}`: {vmids}.",
    "hint": "Say which with `vmid`."
  },
  "PVE_ROOT_REQUIRED": {
    "exitCode": 4,
    "retryable": false,
    "message": "Proxmox lets nobody but root set {options}, and {user} is not allowed to.",
    "hint": "Log in as `root@pam` with `api_password`, without a token: no token may set them, and no privilege helps. A VM of `architecture: aarch64` needs `arch`."
  },
  "PVE_VM_FOREIGN": {
    "exitCode": 4,
    "retryable": false,
    "message": "The VM {vmid} (`{name}`) was not created by this tool and is left alone.",
    "hint": "Choose another name or id. {way}"
  },
  "PVE_NAME_UNCERTAIN": {
    "exitCode": 4,
    "retryable": true,
    "message": "Whether there is a VM `{name}` cannot be told: the names of the VMs of {nodes} are not known while that is down ({vmids}).",
    "hint": "Bring the node back, or say with `vmid` which VM is meant or which id a new one is to have."
  },
  "PVE_VM_CHANGED": {
    "exitCode": 4,
    "retryable": true,
    "message": "The VM {vmid} was changed by somebody else at the same moment; nothing was done.",
    "hint": "Run it again: it looks at the VM anew."
  },
  "PVE_VM_HIDDEN": {
    "exitCode": 4,
    "retryable": false,
    "message": "The VM {vmid} exists, and this user may not see it.",
    "hint": "Give the user, and the token unless it has no privilege separation, the privilege VM.Audit on `/vms/{vmid}`; or check the id."
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
    "message": "VM {vmid} is not detached completely: {settings} stayed as before.",
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
    "hint": "A tag or a draft is no release. Set `iso_repository` to another, give `iso_url`, or build the ISO with `nci iso build` and give `iso_path`."
  },
  "RELEASE_ASSET_MISSING": {
    "exitCode": 4,
    "retryable": false,
    "message": "The release {release} of {repository} has no ISO for {architecture}; it has {assets}.",
    "hint": "Choose another `iso_release`, give `iso_url`, or build the ISO with `nci iso build` and give `iso_path`."
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
    "hint": "Set `ssh_private_key_file`, load a key into the agent with `ssh-add`, make one with `ssh-keygen -t ed25519`, or let `nci provision` make one for the run: `ssh_generate_key`."
  },
  "SSH_KEY_UNUSABLE": {
    "exitCode": 3,
    "retryable": false,
    "message": "The private key {file} cannot be used: {reason}.",
    "hint": "Give an OpenSSH or PEM private key; for an encrypted one also `ssh_private_key_passphrase`, or load it into the agent with `ssh-add`."
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
  "SSH_HOST_KEY_UNKNOWN": {
    "exitCode": 4,
    "retryable": false,
    "message": "The host key of the SSH server at {address} is not known, and unknown ones are not trusted.",
    "hint": "Give it in `ssh_host_key` or `ssh_known_hosts_file` (the VM's console shows it), or give the VM the guest agent, which tells it. `ssh_host_key_checking: accept-new` trusts the first one seen."
  },
  "SSH_HOST_KEY_REVOKED": {
    "exitCode": 4,
    "retryable": false,
    "message": "The SSH server at {address} shows the host key {actual}, which is revoked.",
    "hint": "Give the machine another host key. If the key is good again, remove its `@revoked` line from `ssh_known_hosts_file`."
  },
  "SSH_CONNECTION_LOST": {
    "exitCode": 4,
    "retryable": true,
    "message": "The SSH connection to {address} broke: {reason}.",
    "hint": "Look at the VM's console, then run it again."
  },
  "SSH_JUMP_FAILED": {
    "exitCode": 4,
    "retryable": true,
    "message": "The way to {address} through {jump} failed: {reason}.",
    "hint": "Try it by hand with `{command}`; the jump host must let you in without a question, and its host key must be known."
  },
  "SSH_KNOWN_HOSTS_UNREADABLE": {
    "exitCode": 3,
    "retryable": false,
    "message": "The known hosts in {file} cannot be read: {reason}.",
    "hint": "Correct `ssh_known_hosts_file`, or leave it out."
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
    "message": "The machine at {address} (`{hostname}`, {os}) has the DMI UUID {actual}, but the VM {vmid} has {expected}: nothing was changed on it.",
    "hint": "Another machine has this address. Check for a duplicate address and the VM's network."
  },
  "INSTALL_DISK_NOT_BLANK": {
    "exitCode": 4,
    "retryable": false,
    "message": "The disks of {address} are not blank: {found}. Nothing was changed on them.",
    "hint": "{way}"
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
    "hint": "Write FLAKE#NAME, where the flake has `nixosConfigurations.NAME` with a disko layout."
  },
  "NIX_BUILD_FAILED": {
    "exitCode": 4,
    "retryable": false,
    "message": "The system `{flake}` could not be built: {reason}.",
    "hint": "Build it by hand to see more: `nix build {installable}`."
  },
  "NIX_MISSING": {
    "exitCode": 3,
    "retryable": false,
    "message": "Building the ISO needs Nix, and there is no `nix` in PATH.",
    "hint": "Install Nix (https://nixos.org/download), or take the ISO of a release: `nci iso download`."
  },
  "NIX_TOO_OLD": {
    "exitCode": 3,
    "retryable": false,
    "message": "{name} is too old to build the ISO: {reason}.",
    "hint": "Update Nix to {needed} or newer (`nix upgrade-nix`), or take the ISO of a release: `nci iso download`."
  },
  "NIX_FLAKES_DISABLED": {
    "exitCode": 3,
    "retryable": false,
    "message": "The Nix on this machine does not let flakes be used: {reason}.",
    "hint": "Add the line `experimental-features = nix-command flakes` to {file}, and see that NIX_CONFIG does not say otherwise."
  },
  "NIX_DISK_FULL": {
    "exitCode": 4,
    "retryable": false,
    "message": "There is no space left to build the ISO: {reason}.",
    "hint": "Make room for about 10 GB where the Nix store and its builds are (`df -h {store} {builds}`): `nix-collect-garbage -d` removes what nothing uses; `build-dir` in `nix_options` sets another folder for the builds."
  },
  "ISO_ATTRIBUTE_UNKNOWN": {
    "exitCode": 3,
    "retryable": false,
    "message": "`{installable}` is nothing that an ISO can be built from: {reason}.",
    "hint": "Set `attribute` to the name of a `nixosConfigurations` of the flake that imports nixpkgs' installer/cd-dvd modules, or to the whole path of a package such as `packages.{system}.iso`; `nix flake show {flake}` lists what there is."
  },
  "ISO_EVALUATION_FAILED": {
    "exitCode": 4,
    "retryable": false,
    "message": "The code of `{installable}` could not be evaluated: {reason}.",
    "hint": "The whole message is in `details.log`; `show_trace` adds where in the code it happened."
  },
  "ISO_BUILD_FAILED": {
    "exitCode": 4,
    "retryable": false,
    "message": "The ISO could not be built from `{installable}`: {reason}.",
    "hint": "The end of the log is in `details.log`. Build it by hand to see more: `nix build {word}`."
  },
  "ISO_SYSTEM_FOREIGN": {
    "exitCode": 3,
    "retryable": false,
    "message": "The Nix on this machine ({own}) cannot build for {system}: {reason}.",
    "hint": "{how} Or let a machine of that architecture do it: `builders`. Or take the ISO of a release: `nci iso download --architecture {architecture}`."
  },
  "ISO_ARCHITECTURE_WRONG": {
    "exitCode": 3,
    "retryable": false,
    "message": "`{installable}` is for {actual}, and not for {wanted}.",
    "hint": "Set `architecture` to that of the flake's configuration, or `attribute` to a configuration for {wanted}."
  },
  "ISO_NOT_IN_BUILD": {
    "exitCode": 4,
    "retryable": false,
    "message": "What was built from `{installable}` has not exactly one ISO: {store_path} holds {found}.",
    "hint": "Set `attribute` to a configuration that imports nixpkgs' installer/cd-dvd modules, with `isoImage.compressImage` off."
  },
  "ISO_DESTINATION_UNUSABLE": {
    "exitCode": 3,
    "retryable": false,
    "message": "`{property}` cannot be {path}: {reason}.",
    "hint": "Set `{property}` to another path, or move away what is there."
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
    "message": "nixos-anywhere said nothing for {seconds} seconds in the phase `{phase}`. The last was: {last}.",
    "hint": "{way} Look at the VM's console; give it longer with `silence_timeout`. Running it again carries on."
  },
  "INSTALL_MACHINE_CHANGED": {
    "exitCode": 4,
    "retryable": false,
    "message": "The machine at {address} {what} since it was looked at: nothing more was done there.",
    "hint": "Look at the VM's console and at its tasks: somebody or something else is at work on it. Running it again looks anew."
  },
  "INSTALL_UNDER_WAY": {
    "exitCode": 4,
    "retryable": true,
    "message": "Another run is installing VM {vmid}: the process {pid} of this machine.",
    "hint": "Wait for its end, or end it; then run this again."
  },
  "INSTALL_UNCERTAIN": {
    "exitCode": 4,
    "retryable": false,
    "message": "VM {vmid} was left as it is, because an earlier run may have installed it: {found}.",
    "hint": "Look at the VM's console. If its system is in use, let it be logged in to with the key and the user of this host. If it may go, boot the VM from the installer ISO, which comes first in the boot order where `detach` is `cold`, and run this again with `reinstall: true` for {name} alone; its disks are looked at before they are formatted."
  },
  "INSTALL_UNHEALTHY": {
    "exitCode": 4,
    "retryable": false,
    "message": "NixOS is installed and answers at {address}, but systemd says that it is in the state `{state}`.",
    "hint": "Log in and look at `systemctl --failed` and `journalctl -b`; the installation itself is done."
  },
  "INSTALL_NOTHING_TO_MOUNT": {
    "exitCode": 4,
    "retryable": false,
    "message": "The disks of {address} are blank, and `disko_mode: mount` formats none.",
    "hint": "Leave `disko_mode` out to have them formatted."
  },
  "INSTALL_UNPROVEN": {
    "exitCode": 4,
    "retryable": false,
    "message": "The installation cannot be proved: {reason}.",
    "hint": "Look at the VM's console and boot order before using it; the log has all that nixos-anywhere printed."
  },
  "HOST_CONFLICT": {
    "exitCode": 3,
    "retryable": false,
    "message": "{host} and {others} want the same {what}: {value}.",
    "hint": "Give each of them its own: look at `{property}`. `nci inventory` prints what every host has."
  },
  "BATCH_INVALID": {
    "exitCode": 3,
    "retryable": false,
    "message": "Nothing was begun, as {failed} of {total} hosts cannot be provisioned as they are: {names}.",
    "hint": "Each of `details.hosts` says what is wrong with it. Correct that, or leave these hosts out with `--limit`, such as `--limit '{limit}'`."
  },
  "TEARDOWN_UNCONFIRMED": {
    "exitCode": 3,
    "retryable": false,
    "message": "Nothing was destroyed: {reason}.",
    "hint": "Look with `--check` at what would be destroyed, then give `--yes`."
  },
  "BATCH_FAILED": {
    "exitCode": 4,
    "retryable": true,
    "message": "{failed} of {total} hosts failed: {names}.",
    "hint": "Each of `details.report.hosts` says why, and what to do. Running it again goes on with those that failed."
  },
  "LOG_FOLDER_UNUSABLE": {
    "exitCode": 3,
    "retryable": false,
    "message": "The folder {folder} for logs cannot be used: {reason}.",
    "hint": "Give another one with `--log-dir`."
  },
  "REPORT_UNWRITABLE": {
    "exitCode": 3,
    "retryable": false,
    "message": "The file {file} for {property} cannot be written: {reason}.",
    "hint": "Give the path of a new file in a folder that is there and can be written to, or of an earlier report."
  },
  "TEARDOWN_FAILED": {
    "exitCode": 4,
    "retryable": false,
    "message": "The VMs of {failed} of {total} hosts were not destroyed: {names}.",
    "hint": "`details.report` says of each host what became of it, and what to do. Running it again goes on with what is left."
  },
  "DOCTOR_FOUND_PROBLEMS": {
    "exitCode": 4,
    "retryable": false,
    "message": "{failed} of {total} checks failed: {titles}.",
    "hint": "Each of `details.checks` says what was found and what to do; `details.commands` are for a root shell of a node."
  },
  "LAB_FAILED": {
    "exitCode": 4,
    "retryable": false,
    "message": "The lab cannot run: {reason}.",
    "hint": "{way}"
  },
  "LAB_QEMU_UNSUITABLE": {
    "exitCode": 4,
    "retryable": false,
    "message": "Real guests need QEMU 10 or newer, but {found}.",
    "hint": "Debian 13, Fedora 42, Homebrew and nixpkgs (`nix shell nixpkgs#qemu`) have it. Where it is not in PATH, name the folder of its programs with `--qemu-programs` or NCI_QEMU_PROGRAMS. `--guests simulated` needs none."
  }
} as const

export type ErrorCode = keyof typeof errorCatalogue
