// Generated from schemas/ by `npm run generate`; do not edit.

export interface IsoBuildInput {
/**
 * Seconds that the whole step may take. An emulated build may take hours.
 */
timeout: number
/**
 * Flake that has the installer, with `#ATTRIBUTE` in place of `attribute` if liked. Unless given: this project's, from the checkout that this program runs in, or else from GitHub.
 */
flake?: string
/**
 * What is built: the name of a `nixosConfigurations` whose `config.system.build.isoImage` it is, or the whole path of a package that holds an ISO. Unless given: the configuration that is called as the architecture.
 */
attribute?: string
/**
 * Architecture of the VMs that are to boot from it. It may be another one than this machine's where Nix can build for it: by emulation, which is slow, or on a remote builder.
 */
architecture: ("x86_64" | "aarch64")
/**
 * What builds it: `nix build`, or nixos-generators with its format `iso` (the one in PATH, or else the one of nixpkgs) for flakes whose configurations are made for that.
 */
builder: ("nix" | "nixos-generators")
/**
 * Link to the build, which keeps Nix's garbage collection from removing it. Unless given: `result-<architecture>` in the current folder.
 */
out_link?: string
/**
 * Copy the ISO here: a file, or a folder (one that is there, or with a slash at the end).
 */
path?: string
/**
 * Remote builders in place of those of nix.conf, each as a line of /etc/nix/machines. Nix's daemon takes them from trusted users only.
 */
builders?: string[]
/**
 * Options for Nix, name to value.
 */
nix_options?: {
[k: string]: string
}
/**
 * Have Nix say where in the code an evaluation failed.
 */
show_trace: boolean
}

export interface IsoBuildOutput {
/**
 * Absolute path of the ISO: of the copy where `path` was given, in the Nix store otherwise.
 */
path: string
/**
 * Its file name.
 */
name: string
/**
 * Bytes.
 */
size: number
/**
 * SHA-256, in hexadecimal.
 */
sha256: string
/**
 * Architecture.
 */
architecture: ("x86_64" | "aarch64")
/**
 * Version of NixOS, where the flake's configuration says it.
 */
nixos_version?: string
/**
 * What Nix built.
 */
store_path: string
/**
 * Absolute path of the link that keeps it.
 */
out_link: string
/**
 * What it was built from, as `nix build` takes it.
 */
installable: string
/**
 * Whether this machine emulated the architecture for the build; false where nothing had to be built.
 */
emulated: boolean
/**
 * The remote builder that it was left to, where this machine cannot build for the architecture.
 */
remote_builder?: string
/**
 * How long the build took; 0 where nothing had to be built.
 */
seconds: number
}

export interface IsoDownloadInput {
/**
 * ISO file on this machine.
 */
iso_path?: string
/**
 * URL of an ISO. Used where `iso_path` is not given.
 */
iso_url?: string
/**
 * Release to download: its tag, or `latest`. Used where neither `iso_path` nor `iso_url` is given.
 */
iso_release: string
/**
 * GitHub repository whose releases hold the ISOs.
 */
iso_repository: string
/**
 * SHA-256 that the ISO must have. Unless given, a release's ISO is verified by the digest that GitHub states, or else by the release's `SHA256SUMS`.
 */
iso_checksum?: string
/**
 * Folder for downloads. Unless given: `$XDG_CACHE_HOME/nixos-cloud-init-installer`.
 */
cache_dir?: string
/**
 * Token for GitHub's API: lifts its rate limit and opens private repositories.
 */
github_token?: string
/**
 * GitHub's API; another for GitHub Enterprise.
 */
github_api_url: string
/**
 * Seconds that the whole step may take.
 */
timeout: number
/**
 * Architecture of the release's ISO.
 */
architecture: ("x86_64" | "aarch64")
}

export interface IsoDownloadOutput {
/**
 * Absolute path of the file.
 */
path: string
/**
 * Its name.
 */
name: string
/**
 * Bytes.
 */
size: number
/**
 * SHA-256, in hexadecimal.
 */
sha256: string
/**
 * What it was taken from.
 */
source: ("release" | "url" | "path")
/**
 * Where it was downloaded from.
 */
url?: string
/**
 * The release's tag.
 */
release?: string
/**
 * Architecture.
 */
architecture?: ("x86_64" | "aarch64")
/**
 * What its SHA-256 was compared with.
 */
verified_by: ("github-digest" | "sha256sums" | "checksum" | "nothing")
/**
 * Whether this run fetched it, rather than finding it in the cache.
 */
downloaded: boolean
}

export interface IsoUploadInput {
/**
 * Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.
 */
api_host?: string
/**
 * Port of the API, where `api_host` does not name one. 8006 unless told.
 */
api_port?: number
/**
 * User with realm.
 */
api_user?: string
/**
 * Password of `api_user`. An API token is the better choice.
 */
api_password?: string
/**
 * Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.
 */
api_totp_secret?: string
/**
 * One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.
 */
api_totp?: string
/**
 * API token: its name beside `api_user`, or whole as `user@realm!name`.
 */
api_token_id?: string
/**
 * Secret of the API token.
 */
api_token_secret?: string
/**
 * Verify the server's TLS certificate. Off is reported as a warning.
 */
validate_certs: boolean
/**
 * File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).
 */
ca_path?: string
/**
 * SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.
 */
api_fingerprint?: string
/**
 * Seconds that one API request may go without an answer.
 */
api_timeout: number
/**
 * Seconds that the whole step may take.
 */
timeout: number
/**
 * ISO file on this machine.
 */
path?: string
/**
 * URL of an ISO, for `via: proxmox`.
 */
url?: string
/**
 * Who sends it: this machine uploads the file, or Proxmox fetches the URL itself.
 */
via: ("engine" | "proxmox")
/**
 * Node whose storage it goes to. May be left out where the cluster has one node, or the storage is shared.
 */
node?: string
/**
 * Storage with content type `iso`.
 */
storage: string
/**
 * Name on the storage. Unless given: the file's own name with the first twelve digits of its SHA-256, so that one name is always one content; and the same file under another name is used where Proxmox can verify it, which leaves a task in its list and is not done in check mode.
 */
filename?: string
/**
 * SHA-256 of the file; Proxmox verifies it when the file has arrived. Unless given it is computed, which reads the file once more. Needed for `via: proxmox`.
 */
checksum?: string
/**
 * Overwrite another file of the same name, unless a VM uses it. With `via: proxmox` the old one is removed first, once the URL is known to answer: should the download fail then, neither is there.
 */
replace: boolean
/**
 * Whether Proxmox verifies the certificate of `url`.
 */
url_validate_certs: boolean
/**
 * Afterwards remove older versions of this ISO from the storage: files of the same name apart from versions and the digest at its end, as in `installer-v2.10.0-x86_64-0123456789ab.iso`. None that a VM of the cluster uses, snapshots and pending changes included; needs VM.Audit on /vms and Datastore.Allocate on the storage, otherwise nothing is removed.
 */
prune: boolean
/**
 * How many of the older versions `prune` keeps: the newest ones.
 */
prune_keep: number
}

export interface IsoUploadOutput {
/**
 * Volume id of the ISO; of a file that somebody renamed where that is the same.
 */
volid: string
/**
 * Node whose storage it is on.
 */
node: string
/**
 * Storage.
 */
storage: string
/**
 * File name.
 */
name: string
/**
 * Bytes.
 */
size: number
/**
 * SHA-256, in hexadecimal.
 */
sha256?: string
/**
 * Whether this run sent it, rather than finding it there.
 */
uploaded: boolean
/**
 * With `prune`: volume ids that were removed.
 */
pruned?: string[]
/**
 * With `prune`: other versions that were not removed.
 */
kept?: {
/**
 * Volume id.
 */
volid: string
/**
 * Why it was not removed.
 */
reason: string
}[]
}

export interface VmCreateInput {
/**
 * Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.
 */
api_host?: string
/**
 * Port of the API, where `api_host` does not name one. 8006 unless told.
 */
api_port?: number
/**
 * User with realm.
 */
api_user?: string
/**
 * Password of `api_user`. An API token is the better choice.
 */
api_password?: string
/**
 * Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.
 */
api_totp_secret?: string
/**
 * One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.
 */
api_totp?: string
/**
 * API token: its name beside `api_user`, or whole as `user@realm!name`.
 */
api_token_id?: string
/**
 * Secret of the API token.
 */
api_token_secret?: string
/**
 * Verify the server's TLS certificate. Off is reported as a warning.
 */
validate_certs: boolean
/**
 * File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).
 */
ca_path?: string
/**
 * SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.
 */
api_fingerprint?: string
/**
 * Seconds that one API request may go without an answer.
 */
api_timeout: number
/**
 * Name of the VM, a DNS name; also the guest's host name while it is the installer.
 */
name: string
/**
 * Node to create the VM on. May be left out where the cluster has one node.
 */
node?: string
/**
 * Id of the VM. Unless given: the next free one.
 */
vmid?: number
/**
 * Lowest id to choose where `vmid` is not given.
 */
vmid_min?: number
/**
 * Highest id to choose where `vmid` is not given.
 */
vmid_max?: number
/**
 * Architecture of the VM and of its installer ISO.
 */
architecture: ("x86_64" | "aarch64")
/**
 * CPU cores per socket.
 */
cores: number
/**
 * CPU sockets.
 */
sockets: number
/**
 * CPU type, as Proxmox writes it. Unless given: `x86-64-v2-AES`, or `host` for aarch64; a node of another architecture cannot do `host`, but `max`.
 */
cpu?: string
/**
 * Memory in MiB. The installer needs about 1,500.
 */
memory: number
/**
 * Least memory in MiB that ballooning leaves; 0 switches ballooning off.
 */
balloon?: number
/**
 * Machine type, as Proxmox writes it.
 */
machine?: string
/**
 * Firmware. `ovmf` gets an EFI disk, without Secure Boot keys unless `secure_boot` asks for them. Unless given: `seabios`, or `ovmf` for aarch64.
 */
bios?: ("seabios" | "ovmf")
/**
 * Enrol Microsoft's and the distributions' keys in the EFI disk, which switches Secure Boot on. The installer is not signed and does not start then: only for VMs that boot something else first.
 */
secure_boot: boolean
/**
 * Storage for the EFI disk, where it is not `storage`.
 */
efi_storage?: string
/**
 * Give the VM a TPM of this version.
 */
tpm?: ("v2.0" | "v1.2")
/**
 * Storage for the TPM's state, where it is not `storage`.
 */
tpm_storage?: string
/**
 * SCSI controller.
 */
scsi_controller: ("virtio-scsi-single" | "virtio-scsi-pci" | "lsi" | "lsi53c810" | "megasas" | "pvscsi")
/**
 * Kind of guest system, as Proxmox writes it.
 */
os_type: string
/**
 * Storage for disks, the EFI disk, the TPM's state and the cloud-init drive.
 */
storage: string
/**
 * Storage for the cloud-init drive, where it is not `storage`.
 */
cloud_init_storage?: string
/**
 * Disks, in order; the first is the one that boots.
 * 
 * @maxItems 16
 */
disks: []|[VmCreateInputDisk]|[VmCreateInputDisk, VmCreateInputDisk]|[VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk]|[VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk]|[VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk]|[VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk]|[VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk]|[VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk]|[VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk]|[VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk]|[VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk]|[VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk]|[VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk]|[VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk]|[VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk]|[VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk, VmCreateInputDisk]
/**
 * Network cards, in order: `eth0`, `eth1`, … in the installer.
 * 
 * @maxItems 32
 */
networks: VmCreateInputNetwork[]
/**
 * Resource pool to put the VM in.
 */
pool?: string
/**
 * Tags, besides the one that marks VMs of this tool.
 */
tags?: string[]
/**
 * Notes for the VM, in Markdown. A line that marks VMs of this tool is added.
 */
description?: string
/**
 * Whether the VM has the guest agent's device. Host keys are read through it.
 */
agent: boolean
/**
 * Whether the VM has a serial console (`qm terminal`).
 */
serial_console: boolean
/**
 * Display, as Proxmox writes it.
 */
vga?: string
/**
 * Whether the VM starts with its node.
 */
onboot?: boolean
/**
 * Start order, as Proxmox writes it.
 */
startup?: string
/**
 * Any other option of Proxmox's VM configuration, as its API takes it.
 */
options?: {
[k: string]: string | number | boolean
}
/**
 * User that cloud-init gives the keys to. Unless given: root.
 */
ci_user?: string
/**
 * Password that cloud-init sets. The installer takes logins by key only. Nobody can read it back: a VM that has one keeps it.
 */
ci_password?: string
/**
 * Public keys that may log in to the installer.
 */
ssh_public_keys?: string[]
/**
 * DNS servers. Unless given, the node's own.
 */
nameservers?: string[]
/**
 * DNS search domain: one; two break the host name in cloud-init.
 */
search_domain?: string
/**
 * Whether cloud-init upgrades packages; NixOS has none.
 */
ci_upgrade: boolean
/**
 * Format of the cloud-init drive. Proxmox chooses `nocloud` for Linux.
 */
ci_type?: ("nocloud" | "configdrive2")
/**
 * Files of your own in place of generated ones, as Proxmox's `cicustom`.
 */
ci_custom?: string
/**
 * Seconds that the whole step may take.
 */
timeout: number
/**
 * Volume id of the installer ISO to put in the VM's drive.
 */
iso?: string
/**
 * Whether the VM gets a cloud-init drive.
 */
cloud_init: boolean
/**
 * Put the installer's drives back into a VM of ours that they were detached from.
 */
reattach: boolean
/**
 * Boot the ISO before the first disk. Otherwise the ISO is booted as long as the disk is blank.
 */
boot_iso_first: boolean
}
export interface VmCreateInputDisk {
/**
 * Size, in powers of 1024. An imported disk has its image's unless a larger one is given.
 */
size?: string
/**
 * Volume id of an image to fill the disk with, in place of an empty one.
 */
import_from?: string
/**
 * Storage, where it is not the VM's `storage`.
 */
storage?: string
/**
 * Bus.
 */
bus: ("scsi" | "virtio" | "sata")
/**
 * Format of the image, on storages that hold files.
 */
format?: ("raw" | "qcow2" | "vmdk")
/**
 * Hand discards on to the storage.
 */
discard: boolean
/**
 * Present it as a solid-state disk.
 */
ssd?: boolean
/**
 * Give it an I/O thread of its own.
 */
iothread?: boolean
/**
 * Cache mode.
 */
cache?: ("none" | "writethrough" | "writeback" | "unsafe" | "directsync")
/**
 * How QEMU does its input and output. Proxmox chooses unless told.
 */
aio?: ("native" | "threads" | "io_uring")
/**
 * Whether backups include it.
 */
backup?: boolean
/**
 * Whether storage replication includes it.
 */
replicate?: boolean
/**
 * Serial number that the guest sees.
 */
serial?: string
}
export interface VmCreateInputNetwork {
/**
 * Bridge or SDN vnet of the node.
 */
bridge: string
/**
 * Model of the card.
 */
model: ("virtio" | "e1000" | "e1000e" | "rtl8139" | "vmxnet3")
/**
 * MAC address. Unless given, Proxmox makes one.
 */
mac?: string
/**
 * VLAN tag.
 */
vlan?: number
/**
 * MTU; 1 takes the bridge's.
 */
mtu?: number
/**
 * Whether Proxmox's firewall guards it.
 */
firewall?: boolean
/**
 * Whether the card is unplugged.
 */
link_down?: boolean
/**
 * Queues of a virtio card.
 */
queues?: number
/**
 * Most that passes through it, in MB a second.
 */
rate?: number
/**
 * VLANs that pass through it tagged.
 */
trunks?: string
/**
 * IPv4 address of the installer with its prefix length of 8 or more, or `dhcp`.
 */
ip?: string
/**
 * IPv4 gateway.
 */
gateway?: string
/**
 * IPv6 address of the installer with its prefix length of 8 or more, `dhcp`, or `auto` (SLAAC).
 */
ip6?: string
/**
 * IPv6 gateway.
 */
gateway6?: string
}

export interface VmCreateOutput {
/**
 * Id of the VM.
 */
vmid: number
/**
 * Node that has the VM.
 */
node: string
/**
 * Name.
 */
name: string
/**
 * DMI product UUID (`smbios1`).
 */
uuid?: string
/**
 * Whether it runs.
 */
status: ("running" | "stopped")
/**
 * Whether this run created it.
 */
created: boolean
/**
 * MAC addresses of its network cards, in order.
 * 
 * Items: MAC address.
 */
macs: string[]
/**
 * Settings that take effect at the next start.
 * 
 * Items: Configuration key.
 */
pending: string[]
}

export interface VmStartInput {
/**
 * Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.
 */
api_host?: string
/**
 * Port of the API, where `api_host` does not name one. 8006 unless told.
 */
api_port?: number
/**
 * User with realm.
 */
api_user?: string
/**
 * Password of `api_user`. An API token is the better choice.
 */
api_password?: string
/**
 * Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.
 */
api_totp_secret?: string
/**
 * One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.
 */
api_totp?: string
/**
 * API token: its name beside `api_user`, or whole as `user@realm!name`.
 */
api_token_id?: string
/**
 * Secret of the API token.
 */
api_token_secret?: string
/**
 * Verify the server's TLS certificate. Off is reported as a warning.
 */
validate_certs: boolean
/**
 * File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).
 */
ca_path?: string
/**
 * SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.
 */
api_fingerprint?: string
/**
 * Seconds that one API request may go without an answer.
 */
api_timeout: number
/**
 * Id of the VM.
 */
vmid?: number
/**
 * Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit.
 */
name?: string
/**
 * Node that has the VM. Found by asking the cluster unless given.
 */
node?: string
/**
 * Seconds that the whole step may take.
 */
timeout: number
}

export interface VmStartOutput {
/**
 * Id of the VM.
 */
vmid: number
/**
 * Node that has the VM.
 */
node: string
/**
 * Name.
 */
name?: string
/**
 * Whether it runs.
 */
status: ("running" | "stopped")
}

export interface SshWaitInput {
/**
 * Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.
 */
api_host?: string
/**
 * Port of the API, where `api_host` does not name one. 8006 unless told.
 */
api_port?: number
/**
 * User with realm.
 */
api_user?: string
/**
 * Password of `api_user`. An API token is the better choice.
 */
api_password?: string
/**
 * Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.
 */
api_totp_secret?: string
/**
 * One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.
 */
api_totp?: string
/**
 * API token: its name beside `api_user`, or whole as `user@realm!name`.
 */
api_token_id?: string
/**
 * Secret of the API token.
 */
api_token_secret?: string
/**
 * Verify the server's TLS certificate. Off is reported as a warning.
 */
validate_certs: boolean
/**
 * File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).
 */
ca_path?: string
/**
 * SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.
 */
api_fingerprint?: string
/**
 * Seconds that one API request may go without an answer.
 */
api_timeout: number
/**
 * Id of the VM.
 */
vmid?: number
/**
 * Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit.
 */
name?: string
/**
 * Node that has the VM. Found by asking the cluster unless given.
 */
node?: string
/**
 * Address to log in to. Unless given: the static address of the first network, else what the guest agent reports.
 */
ssh_host?: string
/**
 * Port of the guest's SSH server.
 */
ssh_port: number
/**
 * User to log in as.
 */
ssh_user: string
/**
 * Private key to log in with. Unless given: the first of `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa` that exists. An encrypted one without its passphrase is used through the agent, where that has it.
 */
ssh_private_key_file?: string
/**
 * Private key to log in with, itself, in place of the file.
 */
ssh_private_key?: string
/**
 * Passphrase of the private key.
 */
ssh_private_key_passphrase?: string
/**
 * Whether the keys of the SSH agent (`SSH_AUTH_SOCK`) log in: `true` only they, `false` never; unless given, where there is no key that can be opened.
 */
ssh_agent?: boolean
/**
 * Log in to the installer with a key that is made for the run and never written to a file. For `provision`; the installed system knows only the keys of its flake, so without one of them it is proved by its host key alone.
 */
ssh_generate_key: boolean
/**
 * Public host key that the guest must show. Unless given it is read through the guest agent, or looked up in `ssh_known_hosts_file`; failing that, the first one seen is trusted, with a warning.
 */
ssh_host_key?: string
/**
 * File in which the guest's host key is looked up where the guest agent does not tell it.
 */
ssh_known_hosts_file?: string
/**
 * What becomes of a guest whose host key is not known: `strict` refuses it; `accept-new` trusts the first one seen, with a warning. Unless given: as `accept-new`, after waiting longer for the guest agent to tell the key, and no secrets are handed over.
 */
ssh_host_key_checking?: ("strict" | "accept-new")
/**
 * JSON file that says where guests are reached from here, for guests behind port forwards: `{"192.0.2.7:22": "127.0.0.1:2207"}`; `*` stands for all others. Read at each connection.
 */
ssh_address_map?: string
/**
 * Hosts to jump through on the way to the guest, as for OpenSSH's `ProxyJump`: they are logged in to by `ssh` itself, as the user does it, and must do without asking anything. IPv6 addresses go into brackets. `none`: directly, whatever the configuration says. Unless given: as the configuration of OpenSSH says for the guest's address.
 */
ssh_proxy_jump?: string
/**
 * Configuration of OpenSSH that says how the guest's address is reached (`ProxyJump`, `ProxyCommand`). Unless given: the user's own; `none`: no configuration.
 */
ssh_config_file?: string
/**
 * Seconds that the whole step may take.
 */
timeout: number
/**
 * What must answer: the installer, an installed system, or anything.
 */
expect: ("installer" | "system" | "any")
/**
 * Store path that `/run/current-system` must be, for `expect: system`.
 */
system?: string
/**
 * Seconds that cloud-init of the installer may take after the login; then there is a warning.
 */
cloud_init_timeout: number
}

export interface SshWaitOutput {
/**
 * Address.
 */
host: string
/**
 * Port.
 */
port: number
/**
 * User.
 */
user: string
/**
 * Its public host key.
 */
host_key: string
/**
 * How the host key was known.
 */
host_key_source: ("given" | "guest-agent" | "known-hosts" | "first-use")
/**
 * What shows that it is the guest: a login, or for want of a key only the host key that was expected.
 */
proof: ("login" | "host-key")
facts?: SshWaitOutputGuestFacts
/**
 * Seconds waited.
 */
seconds: number
/**
 * Id of the VM.
 */
vmid?: number
/**
 * Node that has the VM.
 */
node?: string
}
/**
 * What the guest says of itself, where it was logged in to.
 */
export interface SshWaitOutputGuestFacts {
/**
 * Host name.
 */
hostname: string
/**
 * `PRETTY_NAME` of its os-release.
 */
os: string
/**
 * Whether it is a NixOS installer running from memory.
 */
installer: boolean
/**
 * DMI product UUID.
 */
uuid?: string
/**
 * `/run/current-system`.
 */
system?: string
/**
 * Id of this boot.
 */
boot_id?: string
/**
 * Machine type that the kernel names.
 */
architecture?: string
/**
 * Memory in MiB.
 */
memory_mib?: number
/**
 * How far cloud-init is.
 */
cloud_init: ("done" | "running" | "disabled" | "absent")
/**
 * What cloud-init failed of.
 */
cloud_init_errors?: string[]
}

export interface NixosInstallInput {
/**
 * Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.
 */
api_host?: string
/**
 * Port of the API, where `api_host` does not name one. 8006 unless told.
 */
api_port?: number
/**
 * User with realm.
 */
api_user?: string
/**
 * Password of `api_user`. An API token is the better choice.
 */
api_password?: string
/**
 * Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.
 */
api_totp_secret?: string
/**
 * One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.
 */
api_totp?: string
/**
 * API token: its name beside `api_user`, or whole as `user@realm!name`.
 */
api_token_id?: string
/**
 * Secret of the API token.
 */
api_token_secret?: string
/**
 * Verify the server's TLS certificate. Off is reported as a warning.
 */
validate_certs: boolean
/**
 * File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).
 */
ca_path?: string
/**
 * SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.
 */
api_fingerprint?: string
/**
 * Seconds that one API request may go without an answer.
 */
api_timeout: number
/**
 * Id of the VM.
 */
vmid?: number
/**
 * Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit.
 */
name?: string
/**
 * Node that has the VM. Found by asking the cluster unless given.
 */
node?: string
/**
 * Address to log in to. Unless given: the static address of the first network, else what the guest agent reports.
 */
ssh_host?: string
/**
 * Port of the guest's SSH server.
 */
ssh_port: number
/**
 * User to log in as.
 */
ssh_user: string
/**
 * Private key to log in with. Unless given: the first of `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa` that exists. An encrypted one without its passphrase is used through the agent, where that has it.
 */
ssh_private_key_file?: string
/**
 * Private key to log in with, itself, in place of the file.
 */
ssh_private_key?: string
/**
 * Passphrase of the private key.
 */
ssh_private_key_passphrase?: string
/**
 * Whether the keys of the SSH agent (`SSH_AUTH_SOCK`) log in: `true` only they, `false` never; unless given, where there is no key that can be opened.
 */
ssh_agent?: boolean
/**
 * Log in to the installer with a key that is made for the run and never written to a file. For `provision`; the installed system knows only the keys of its flake, so without one of them it is proved by its host key alone.
 */
ssh_generate_key: boolean
/**
 * Public host key that the guest must show. Unless given it is read through the guest agent, or looked up in `ssh_known_hosts_file`; failing that, the first one seen is trusted, with a warning.
 */
ssh_host_key?: string
/**
 * File in which the guest's host key is looked up where the guest agent does not tell it.
 */
ssh_known_hosts_file?: string
/**
 * What becomes of a guest whose host key is not known: `strict` refuses it; `accept-new` trusts the first one seen, with a warning. Unless given: as `accept-new`, after waiting longer for the guest agent to tell the key, and no secrets are handed over.
 */
ssh_host_key_checking?: ("strict" | "accept-new")
/**
 * JSON file that says where guests are reached from here, for guests behind port forwards: `{"192.0.2.7:22": "127.0.0.1:2207"}`; `*` stands for all others. Read at each connection.
 */
ssh_address_map?: string
/**
 * Hosts to jump through on the way to the guest, as for OpenSSH's `ProxyJump`: they are logged in to by `ssh` itself, as the user does it, and must do without asking anything. IPv6 addresses go into brackets. `none`: directly, whatever the configuration says. Unless given: as the configuration of OpenSSH says for the guest's address.
 */
ssh_proxy_jump?: string
/**
 * Configuration of OpenSSH that says how the guest's address is reached (`ProxyJump`, `ProxyCommand`). Unless given: the user's own; `none`: no configuration.
 */
ssh_config_file?: string
/**
 * Flake and attribute of the system: `nixosConfigurations.<attribute>` of the flake is installed.
 */
flake?: string
store_paths?: NixosInstallInputStorePaths
/**
 * Where the system is built: on this machine (and its remote builders), or in the installer. `auto`: on this machine where its Nix can build for the VM's architecture, itself, by emulation or on a remote builder.
 */
build_on: ("auto" | "local" | "remote")
/**
 * What disko does with the disks: `disko` wipes, formats and mounts them; `mount` only mounts what is on them, which must be this tool's own work, or `reinstall` set. With `store_paths`: which of disko's scripts that one is.
 */
disko_mode: ("disko" | "mount")
/**
 * Send disko's script without the partitioning tools that it needs: the installer has them. For machines with little memory. Has no effect with `store_paths`.
 */
no_disko_deps: boolean
generate_hardware_config?: NixosInstallInputHardwareConfig
/**
 * Let the installer fetch what it can from binary caches, instead of copying all from this machine.
 */
substitute_on_destination: boolean
/**
 * Let the installer use the binary caches of the system's configuration too. Has an effect only where the system is not built ahead: `build_on: remote`, `generate_hardware_config`.
 */
use_machine_substituters: boolean
/**
 * Nix store that the system is copied from, in place of this machine's; nixos-anywhere calls it `--from`.
 */
from_store?: string
/**
 * Settings of the store in the installer, as Nix sees it through SSH (`nix help-stores`).
 * 
 * Items: `name=value`.
 */
ssh_store_settings?: string[]
/**
 * Print the whole logs of what is built in the installer; what is built on this machine is logged in any case.
 */
print_build_logs: boolean
/**
 * Show the whole trace of a failed evaluation.
 */
show_trace: boolean
/**
 * Install although the disks of the machine that runs the installer hold something. This wipes them, unless `disko_mode` is `mount`. Needed for anything that this tool cannot know to be its own unfinished work: after another boot of the installer disks with a system, with other files, encrypted or in a pool; new volumes of thick LVM that show old data. A host that is installed already is left alone all the same.
 */
reinstall: boolean
/**
 * Folder whose content is copied to the new system's root.
 */
extra_files?: string
/**
 * Owners of files and folders of the new system, recursively; those of `extra_files` are root's otherwise.
 */
chown?: NixosInstallInputOwnership[]
/**
 * Key files for disko, put on the installer before it formats.
 */
disk_encryption_keys?: NixosInstallInputDiskEncryptionKey[]
/**
 * Make the new system's SSH host key here and ship it, so that the first login to it is verified. Without it, or where `extra_files` has one, that key is kept.
 */
generate_host_key: boolean
/**
 * Private ed25519 key, without a passphrase, that becomes the new system's SSH host key, in place of one that is made. For hosts whose secrets are encrypted for a key that is kept elsewhere.
 */
host_key_file?: string
/**
 * Give the new system the installer's SSH host keys. Needs `generate_host_key: false`.
 */
copy_host_keys: boolean
/**
 * State the age recipient of the new system's SSH host key in the result, for sops.
 */
age_recipient: boolean
/**
 * State an entry for ~/.ssh/config in the result.
 */
ssh_config: boolean
/**
 * The nixos-anywhere program. Unless given: from PATH, else `nix run` of the pinned version.
 */
nixos_anywhere?: string
/**
 * Options for the SSH connections of nixos-anywhere and Nix. Those that say whom to connect to, and how the host is verified, are not among them.
 * 
 * Items: `Name=value`.
 */
ssh_options?: string[]
/**
 * Options for Nix, name to value.
 */
nix_options?: {
[k: string]: string
}
/**
 * Seconds that the installation may go without any output.
 */
silence_timeout: number
/**
 * File that gets everything the installation prints, secrets masked; each run is appended.
 */
log_file?: string
/**
 * User to log in to the installed system as, where it is not `ssh_user`.
 */
system_ssh_user?: string
/**
 * Address of the installed system, where it is another than the installer's.
 */
system_ssh_host?: string
/**
 * Seconds from a start or reboot to the login.
 */
boot_timeout: number
/**
 * Seconds that the whole step may take.
 */
timeout: number
/**
 * Reboot into the new system. Without it the installer stays up, the new system unmounted.
 */
reboot: boolean
/**
 * DMI product UUID the target must have. Read from the VM's configuration unless given.
 */
expected_uuid?: string
}
/**
 * The system, already built, in place of `flake`.
 */
export interface NixosInstallInputStorePaths {
/**
 * `config.system.build.diskoScript`.
 */
disko_script: string
/**
 * `config.system.build.toplevel`.
 */
system: string
}
/**
 * Look at the machine's hardware first and write what is found to a file of the flake. The system is then built afterwards, and not ahead.
 */
export interface NixosInstallInputHardwareConfig {
/**
 * The program that looks.
 */
backend: ("nixos-facter" | "nixos-generate-config")
/**
 * File on this machine that is written.
 */
path: string
}
export interface NixosInstallInputOwnership {
/**
 * Path in the new system.
 */
path: string
/**
 * Ids of user and group: names are not known yet.
 */
owner: string
}
export interface NixosInstallInputDiskEncryptionKey {
/**
 * Path in the installer.
 */
remote: string
/**
 * File on this machine.
 */
local: string
}

export interface NixosInstallOutput {
/**
 * Id of the VM.
 */
vmid: number
/**
 * Node that has the VM.
 */
node: string
/**
 * Address.
 */
host: string
/**
 * Port.
 */
port: number
/**
 * Store path of the installed system.
 */
system?: string
/**
 * Public SSH host key of the installed system, where known.
 */
host_key?: string
/**
 * Lines for a known_hosts file.
 * 
 * Items: A line.
 */
known_hosts: string[]
/**
 * What `systemctl is-system-running` says there, where it runs by now.
 */
system_state?: ("running" | "degraded" | "starting" | "unknown")
/**
 * age recipient of the host key, on request.
 */
age_recipient?: string
/**
 * Entry for ~/.ssh/config, on request.
 */
ssh_config?: string
/**
 * Whether it runs the new system now.
 */
rebooted: boolean
/**
 * Its phases with their times.
 */
phases: NixosInstallOutputInstallPhase[]
nixos_anywhere?: NixosInstallOutputNixosAnywhere
/**
 * The complete log.
 */
log_file?: string
}
/**
 * A phase.
 */
export interface NixosInstallOutputInstallPhase {
/**
 * nixos-anywhere's phase.
 */
phase: string
/**
 * Seconds.
 */
seconds: number
}
/**
 * The nixos-anywhere that was used.
 */
export interface NixosInstallOutputNixosAnywhere {
/**
 * Path, or the flake that was run.
 */
program: string
/**
 * Version, where it can be told.
 */
version?: string
}

export interface VmDetachInput {
/**
 * Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.
 */
api_host?: string
/**
 * Port of the API, where `api_host` does not name one. 8006 unless told.
 */
api_port?: number
/**
 * User with realm.
 */
api_user?: string
/**
 * Password of `api_user`. An API token is the better choice.
 */
api_password?: string
/**
 * Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.
 */
api_totp_secret?: string
/**
 * One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.
 */
api_totp?: string
/**
 * API token: its name beside `api_user`, or whole as `user@realm!name`.
 */
api_token_id?: string
/**
 * Secret of the API token.
 */
api_token_secret?: string
/**
 * Verify the server's TLS certificate. Off is reported as a warning.
 */
validate_certs: boolean
/**
 * File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).
 */
ca_path?: string
/**
 * SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.
 */
api_fingerprint?: string
/**
 * Seconds that one API request may go without an answer.
 */
api_timeout: number
/**
 * Id of the VM.
 */
vmid?: number
/**
 * Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit.
 */
name?: string
/**
 * Node that has the VM. Found by asking the cluster unless given.
 */
node?: string
/**
 * Seconds that the whole step may take.
 */
timeout: number
/**
 * `cold` stops the VM, removes the drives, and starts it again where it ran; `hot` leaves it running and empties them.
 */
mode: ("cold" | "hot")
/**
 * Start the VM afterwards. Unless given: where it ran before.
 */
start?: boolean
/**
 * Also on a VM that this tool did not create.
 */
force: boolean
}

export interface VmDetachOutput {
/**
 * Id of the VM.
 */
vmid: number
/**
 * Node that has the VM.
 */
node: string
/**
 * Name.
 */
name?: string
/**
 * Whether it runs.
 */
status: ("running" | "stopped")
/**
 * Boot order.
 */
boot?: string
/**
 * Settings that were removed.
 * 
 * Items: Configuration key.
 */
removed: string[]
/**
 * Settings that take effect only at the next stop and start.
 * 
 * Items: Configuration key.
 */
pending: string[]
}

export interface VmInfoInput {
/**
 * Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.
 */
api_host?: string
/**
 * Port of the API, where `api_host` does not name one. 8006 unless told.
 */
api_port?: number
/**
 * User with realm.
 */
api_user?: string
/**
 * Password of `api_user`. An API token is the better choice.
 */
api_password?: string
/**
 * Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.
 */
api_totp_secret?: string
/**
 * One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.
 */
api_totp?: string
/**
 * API token: its name beside `api_user`, or whole as `user@realm!name`.
 */
api_token_id?: string
/**
 * Secret of the API token.
 */
api_token_secret?: string
/**
 * Verify the server's TLS certificate. Off is reported as a warning.
 */
validate_certs: boolean
/**
 * File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).
 */
ca_path?: string
/**
 * SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.
 */
api_fingerprint?: string
/**
 * Seconds that one API request may go without an answer.
 */
api_timeout: number
/**
 * Id of the VM.
 */
vmid?: number
/**
 * Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit.
 */
name?: string
/**
 * Node that has the VM. Found by asking the cluster unless given.
 */
node?: string
/**
 * Seconds that the whole step may take.
 */
timeout: number
}

export interface VmInfoOutput {
/**
 * Id of the VM.
 */
vmid: number
/**
 * Node that has the VM.
 */
node: string
/**
 * Name.
 */
name: string
/**
 * Whether it runs.
 */
status: ("running" | "stopped")
/**
 * Whether this tool created it.
 */
owned: boolean
/**
 * DMI product UUID.
 */
uuid?: string
/**
 * Why it is locked, where it is.
 */
lock?: string
installed?: VmInfoOutputInstalled
/**
 * Volume id of the ISO in a drive, where there is one.
 */
iso?: string
/**
 * Volume id of the cloud-init drive, where there is one.
 */
cloud_init_drive?: string
/**
 * Addresses that the guest agent reports.
 * 
 * Items: Address.
 */
addresses: string[]
/**
 * Whether the guest agent answers.
 */
agent: boolean
/**
 * Its configuration, secrets masked.
 */
config: {
[k: string]: unknown
}
/**
 * Changes that take effect at the next start.
 */
pending: VmInfoOutputPendingChange[]
}
/**
 * What this tool installed on it, as noted in its description.
 */
export interface VmInfoOutputInstalled {
/**
 * Store path of the installed system.
 */
system?: string
/**
 * Its public SSH host key.
 */
host_key?: string
/**
 * The flake it came from.
 */
flake?: string
/**
 * When, in UTC.
 */
at: string
/**
 * When the installed system was first logged in to and compared, in UTC.
 */
proved?: string
}
/**
 * A pending change.
 */
export interface VmInfoOutputPendingChange {
/**
 * Configuration key.
 */
key: string
/**
 * Value now.
 */
before?: string
/**
 * Value after the next start; absent where it is removed.
 */
after?: string
}

export interface VmDestroyInput {
/**
 * Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.
 */
api_host?: string
/**
 * Port of the API, where `api_host` does not name one. 8006 unless told.
 */
api_port?: number
/**
 * User with realm.
 */
api_user?: string
/**
 * Password of `api_user`. An API token is the better choice.
 */
api_password?: string
/**
 * Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.
 */
api_totp_secret?: string
/**
 * One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.
 */
api_totp?: string
/**
 * API token: its name beside `api_user`, or whole as `user@realm!name`.
 */
api_token_id?: string
/**
 * Secret of the API token.
 */
api_token_secret?: string
/**
 * Verify the server's TLS certificate. Off is reported as a warning.
 */
validate_certs: boolean
/**
 * File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).
 */
ca_path?: string
/**
 * SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.
 */
api_fingerprint?: string
/**
 * Seconds that one API request may go without an answer.
 */
api_timeout: number
/**
 * Id of the VM.
 */
vmid?: number
/**
 * Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit.
 */
name?: string
/**
 * Node that has the VM. Found by asking the cluster unless given.
 */
node?: string
/**
 * Seconds that the whole step may take.
 */
timeout: number
/**
 * Also a VM that this tool did not create.
 */
force: boolean
/**
 * Stop it first, where it runs.
 */
stop: boolean
/**
 * DMI product UUID that the VM must have: ids are given anew, UUIDs are not.
 */
expected_uuid?: string
/**
 * Also destroy volumes on the node's storages that carry the VM's id and that its configuration does not name.
 */
unreferenced: boolean
}

export interface VmDestroyOutput {
/**
 * Id of the VM.
 */
vmid?: number
/**
 * Node that has the VM.
 */
node?: string
/**
 * Name.
 */
name?: string
/**
 * Whether there was such a VM.
 */
existed: boolean
/**
 * Volumes that went with it.
 * 
 * Items: Volume id.
 */
volumes: string[]
/**
 * Volumes that carry the VM's id and that its configuration did not name: left alone unless asked.
 * 
 * Items: Volume id.
 */
unreferenced?: string[]
}

export interface ProvisionInput {
/**
 * Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.
 */
api_host?: string
/**
 * Port of the API, where `api_host` does not name one. 8006 unless told.
 */
api_port?: number
/**
 * User with realm.
 */
api_user?: string
/**
 * Password of `api_user`. An API token is the better choice.
 */
api_password?: string
/**
 * Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.
 */
api_totp_secret?: string
/**
 * One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.
 */
api_totp?: string
/**
 * API token: its name beside `api_user`, or whole as `user@realm!name`.
 */
api_token_id?: string
/**
 * Secret of the API token.
 */
api_token_secret?: string
/**
 * Verify the server's TLS certificate. Off is reported as a warning.
 */
validate_certs: boolean
/**
 * File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).
 */
ca_path?: string
/**
 * SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.
 */
api_fingerprint?: string
/**
 * Seconds that one API request may go without an answer.
 */
api_timeout: number
/**
 * ISO file on this machine.
 */
iso_path?: string
/**
 * URL of an ISO. Used where `iso_path` is not given.
 */
iso_url?: string
/**
 * Release to download: its tag, or `latest`. Used where neither `iso_path` nor `iso_url` is given.
 */
iso_release: string
/**
 * GitHub repository whose releases hold the ISOs.
 */
iso_repository: string
/**
 * SHA-256 that the ISO must have. Unless given, a release's ISO is verified by the digest that GitHub states, or else by the release's `SHA256SUMS`.
 */
iso_checksum?: string
/**
 * Folder for downloads. Unless given: `$XDG_CACHE_HOME/nixos-cloud-init-installer`.
 */
cache_dir?: string
/**
 * Token for GitHub's API: lifts its rate limit and opens private repositories.
 */
github_token?: string
/**
 * GitHub's API; another for GitHub Enterprise.
 */
github_api_url: string
/**
 * Name of the VM, a DNS name; also the guest's host name while it is the installer.
 */
name: string
/**
 * Node to create the VM on. May be left out where the cluster has one node.
 */
node?: string
/**
 * Id of the VM. Unless given: the next free one.
 */
vmid?: number
/**
 * Lowest id to choose where `vmid` is not given.
 */
vmid_min?: number
/**
 * Highest id to choose where `vmid` is not given.
 */
vmid_max?: number
/**
 * Architecture of the VM and of its installer ISO.
 */
architecture: ("x86_64" | "aarch64")
/**
 * CPU cores per socket.
 */
cores: number
/**
 * CPU sockets.
 */
sockets: number
/**
 * CPU type, as Proxmox writes it. Unless given: `x86-64-v2-AES`, or `host` for aarch64; a node of another architecture cannot do `host`, but `max`.
 */
cpu?: string
/**
 * Memory in MiB. The installer needs about 1,500.
 */
memory: number
/**
 * Least memory in MiB that ballooning leaves; 0 switches ballooning off.
 */
balloon?: number
/**
 * Machine type, as Proxmox writes it.
 */
machine?: string
/**
 * Firmware. `ovmf` gets an EFI disk, without Secure Boot keys unless `secure_boot` asks for them. Unless given: `seabios`, or `ovmf` for aarch64.
 */
bios?: ("seabios" | "ovmf")
/**
 * Enrol Microsoft's and the distributions' keys in the EFI disk, which switches Secure Boot on. The installer is not signed and does not start then: only for VMs that boot something else first.
 */
secure_boot: boolean
/**
 * Storage for the EFI disk, where it is not `storage`.
 */
efi_storage?: string
/**
 * Give the VM a TPM of this version.
 */
tpm?: ("v2.0" | "v1.2")
/**
 * Storage for the TPM's state, where it is not `storage`.
 */
tpm_storage?: string
/**
 * SCSI controller.
 */
scsi_controller: ("virtio-scsi-single" | "virtio-scsi-pci" | "lsi" | "lsi53c810" | "megasas" | "pvscsi")
/**
 * Kind of guest system, as Proxmox writes it.
 */
os_type: string
/**
 * Storage for disks, the EFI disk, the TPM's state and the cloud-init drive.
 */
storage: string
/**
 * Storage for the cloud-init drive, where it is not `storage`.
 */
cloud_init_storage?: string
/**
 * Disks, in order; the first is the one that boots.
 * 
 * @maxItems 16
 */
disks: []|[ProvisionInputDisk]|[ProvisionInputDisk, ProvisionInputDisk]|[ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk]|[ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk]|[ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk]|[ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk]|[ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk]|[ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk]|[ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk]|[ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk]|[ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk]|[ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk]|[ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk]|[ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk]|[ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk]|[ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk, ProvisionInputDisk]
/**
 * Network cards, in order: `eth0`, `eth1`, … in the installer.
 * 
 * @maxItems 32
 */
networks: ProvisionInputNetwork[]
/**
 * Resource pool to put the VM in.
 */
pool?: string
/**
 * Tags, besides the one that marks VMs of this tool.
 */
tags?: string[]
/**
 * Notes for the VM, in Markdown. A line that marks VMs of this tool is added.
 */
description?: string
/**
 * Whether the VM has the guest agent's device. Host keys are read through it.
 */
agent: boolean
/**
 * Whether the VM has a serial console (`qm terminal`).
 */
serial_console: boolean
/**
 * Display, as Proxmox writes it.
 */
vga?: string
/**
 * Whether the VM starts with its node.
 */
onboot?: boolean
/**
 * Start order, as Proxmox writes it.
 */
startup?: string
/**
 * Any other option of Proxmox's VM configuration, as its API takes it.
 */
options?: {
[k: string]: string | number | boolean
}
/**
 * User that cloud-init gives the keys to. Unless given: root.
 */
ci_user?: string
/**
 * Password that cloud-init sets. The installer takes logins by key only. Nobody can read it back: a VM that has one keeps it.
 */
ci_password?: string
/**
 * Public keys that may log in to the installer.
 */
ssh_public_keys?: string[]
/**
 * DNS servers. Unless given, the node's own.
 */
nameservers?: string[]
/**
 * DNS search domain: one; two break the host name in cloud-init.
 */
search_domain?: string
/**
 * Whether cloud-init upgrades packages; NixOS has none.
 */
ci_upgrade: boolean
/**
 * Format of the cloud-init drive. Proxmox chooses `nocloud` for Linux.
 */
ci_type?: ("nocloud" | "configdrive2")
/**
 * Files of your own in place of generated ones, as Proxmox's `cicustom`.
 */
ci_custom?: string
/**
 * Address to log in to. Unless given: the static address of the first network, else what the guest agent reports.
 */
ssh_host?: string
/**
 * Port of the guest's SSH server.
 */
ssh_port: number
/**
 * User to log in as.
 */
ssh_user: string
/**
 * Private key to log in with. Unless given: the first of `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa` that exists. An encrypted one without its passphrase is used through the agent, where that has it.
 */
ssh_private_key_file?: string
/**
 * Private key to log in with, itself, in place of the file.
 */
ssh_private_key?: string
/**
 * Passphrase of the private key.
 */
ssh_private_key_passphrase?: string
/**
 * Whether the keys of the SSH agent (`SSH_AUTH_SOCK`) log in: `true` only they, `false` never; unless given, where there is no key that can be opened.
 */
ssh_agent?: boolean
/**
 * Log in to the installer with a key that is made for the run and never written to a file. For `provision`; the installed system knows only the keys of its flake, so without one of them it is proved by its host key alone.
 */
ssh_generate_key: boolean
/**
 * Public host key that the guest must show. Unless given it is read through the guest agent, or looked up in `ssh_known_hosts_file`; failing that, the first one seen is trusted, with a warning.
 */
ssh_host_key?: string
/**
 * File in which the guest's host key is looked up where the guest agent does not tell it.
 */
ssh_known_hosts_file?: string
/**
 * What becomes of a guest whose host key is not known: `strict` refuses it; `accept-new` trusts the first one seen, with a warning. Unless given: as `accept-new`, after waiting longer for the guest agent to tell the key, and no secrets are handed over.
 */
ssh_host_key_checking?: ("strict" | "accept-new")
/**
 * JSON file that says where guests are reached from here, for guests behind port forwards: `{"192.0.2.7:22": "127.0.0.1:2207"}`; `*` stands for all others. Read at each connection.
 */
ssh_address_map?: string
/**
 * Hosts to jump through on the way to the guest, as for OpenSSH's `ProxyJump`: they are logged in to by `ssh` itself, as the user does it, and must do without asking anything. IPv6 addresses go into brackets. `none`: directly, whatever the configuration says. Unless given: as the configuration of OpenSSH says for the guest's address.
 */
ssh_proxy_jump?: string
/**
 * Configuration of OpenSSH that says how the guest's address is reached (`ProxyJump`, `ProxyCommand`). Unless given: the user's own; `none`: no configuration.
 */
ssh_config_file?: string
/**
 * Flake and attribute of the system: `nixosConfigurations.<attribute>` of the flake is installed.
 */
flake?: string
store_paths?: ProvisionInputStorePaths
/**
 * Where the system is built: on this machine (and its remote builders), or in the installer. `auto`: on this machine where its Nix can build for the VM's architecture, itself, by emulation or on a remote builder.
 */
build_on: ("auto" | "local" | "remote")
/**
 * What disko does with the disks: `disko` wipes, formats and mounts them; `mount` only mounts what is on them, which must be this tool's own work, or `reinstall` set. With `store_paths`: which of disko's scripts that one is.
 */
disko_mode: ("disko" | "mount")
/**
 * Send disko's script without the partitioning tools that it needs: the installer has them. For machines with little memory. Has no effect with `store_paths`.
 */
no_disko_deps: boolean
generate_hardware_config?: ProvisionInputHardwareConfig
/**
 * Let the installer fetch what it can from binary caches, instead of copying all from this machine.
 */
substitute_on_destination: boolean
/**
 * Let the installer use the binary caches of the system's configuration too. Has an effect only where the system is not built ahead: `build_on: remote`, `generate_hardware_config`.
 */
use_machine_substituters: boolean
/**
 * Nix store that the system is copied from, in place of this machine's; nixos-anywhere calls it `--from`.
 */
from_store?: string
/**
 * Settings of the store in the installer, as Nix sees it through SSH (`nix help-stores`).
 * 
 * Items: `name=value`.
 */
ssh_store_settings?: string[]
/**
 * Print the whole logs of what is built in the installer; what is built on this machine is logged in any case.
 */
print_build_logs: boolean
/**
 * Show the whole trace of a failed evaluation.
 */
show_trace: boolean
/**
 * Install although the disks of the machine that runs the installer hold something. This wipes them, unless `disko_mode` is `mount`. Needed for anything that this tool cannot know to be its own unfinished work: after another boot of the installer disks with a system, with other files, encrypted or in a pool; new volumes of thick LVM that show old data. A host that is installed already is left alone all the same.
 */
reinstall: boolean
/**
 * Folder whose content is copied to the new system's root.
 */
extra_files?: string
/**
 * Owners of files and folders of the new system, recursively; those of `extra_files` are root's otherwise.
 */
chown?: ProvisionInputOwnership[]
/**
 * Key files for disko, put on the installer before it formats.
 */
disk_encryption_keys?: ProvisionInputDiskEncryptionKey[]
/**
 * Make the new system's SSH host key here and ship it, so that the first login to it is verified. Without it, or where `extra_files` has one, that key is kept.
 */
generate_host_key: boolean
/**
 * Private ed25519 key, without a passphrase, that becomes the new system's SSH host key, in place of one that is made. For hosts whose secrets are encrypted for a key that is kept elsewhere.
 */
host_key_file?: string
/**
 * Give the new system the installer's SSH host keys. Needs `generate_host_key: false`.
 */
copy_host_keys: boolean
/**
 * State the age recipient of the new system's SSH host key in the result, for sops.
 */
age_recipient: boolean
/**
 * State an entry for ~/.ssh/config in the result.
 */
ssh_config: boolean
/**
 * The nixos-anywhere program. Unless given: from PATH, else `nix run` of the pinned version.
 */
nixos_anywhere?: string
/**
 * Options for the SSH connections of nixos-anywhere and Nix. Those that say whom to connect to, and how the host is verified, are not among them.
 * 
 * Items: `Name=value`.
 */
ssh_options?: string[]
/**
 * Options for Nix, name to value.
 */
nix_options?: {
[k: string]: string
}
/**
 * Seconds that the installation may go without any output.
 */
silence_timeout: number
/**
 * File that gets everything the installation prints, secrets masked; each run is appended.
 */
log_file?: string
/**
 * User to log in to the installed system as, where it is not `ssh_user`.
 */
system_ssh_user?: string
/**
 * Address of the installed system, where it is another than the installer's.
 */
system_ssh_host?: string
/**
 * Seconds from a start or reboot to the login.
 */
boot_timeout: number
/**
 * Storage for the installer ISO.
 */
iso_storage: string
/**
 * Volume id of an installer ISO that is on the storage already, in place of getting one.
 */
iso?: string
/**
 * Seconds that the installation may take.
 */
install_timeout: number
/**
 * Seconds that the whole step may take.
 */
timeout?: number
/**
 * How ISO and cloud-init drive go: `cold` with the VM off between installer and system, `hot` after the reboot, or `keep`.
 */
detach: ("cold" | "hot" | "keep")
/**
 * What becomes of a VM that this run created, when a later step fails.
 */
on_failure: ("keep" | "destroy")
}
export interface ProvisionInputDisk {
/**
 * Size, in powers of 1024. An imported disk has its image's unless a larger one is given.
 */
size?: string
/**
 * Volume id of an image to fill the disk with, in place of an empty one.
 */
import_from?: string
/**
 * Storage, where it is not the VM's `storage`.
 */
storage?: string
/**
 * Bus.
 */
bus: ("scsi" | "virtio" | "sata")
/**
 * Format of the image, on storages that hold files.
 */
format?: ("raw" | "qcow2" | "vmdk")
/**
 * Hand discards on to the storage.
 */
discard: boolean
/**
 * Present it as a solid-state disk.
 */
ssd?: boolean
/**
 * Give it an I/O thread of its own.
 */
iothread?: boolean
/**
 * Cache mode.
 */
cache?: ("none" | "writethrough" | "writeback" | "unsafe" | "directsync")
/**
 * How QEMU does its input and output. Proxmox chooses unless told.
 */
aio?: ("native" | "threads" | "io_uring")
/**
 * Whether backups include it.
 */
backup?: boolean
/**
 * Whether storage replication includes it.
 */
replicate?: boolean
/**
 * Serial number that the guest sees.
 */
serial?: string
}
export interface ProvisionInputNetwork {
/**
 * Bridge or SDN vnet of the node.
 */
bridge: string
/**
 * Model of the card.
 */
model: ("virtio" | "e1000" | "e1000e" | "rtl8139" | "vmxnet3")
/**
 * MAC address. Unless given, Proxmox makes one.
 */
mac?: string
/**
 * VLAN tag.
 */
vlan?: number
/**
 * MTU; 1 takes the bridge's.
 */
mtu?: number
/**
 * Whether Proxmox's firewall guards it.
 */
firewall?: boolean
/**
 * Whether the card is unplugged.
 */
link_down?: boolean
/**
 * Queues of a virtio card.
 */
queues?: number
/**
 * Most that passes through it, in MB a second.
 */
rate?: number
/**
 * VLANs that pass through it tagged.
 */
trunks?: string
/**
 * IPv4 address of the installer with its prefix length of 8 or more, or `dhcp`.
 */
ip?: string
/**
 * IPv4 gateway.
 */
gateway?: string
/**
 * IPv6 address of the installer with its prefix length of 8 or more, `dhcp`, or `auto` (SLAAC).
 */
ip6?: string
/**
 * IPv6 gateway.
 */
gateway6?: string
}
/**
 * The system, already built, in place of `flake`.
 */
export interface ProvisionInputStorePaths {
/**
 * `config.system.build.diskoScript`.
 */
disko_script: string
/**
 * `config.system.build.toplevel`.
 */
system: string
}
/**
 * Look at the machine's hardware first and write what is found to a file of the flake. The system is then built afterwards, and not ahead.
 */
export interface ProvisionInputHardwareConfig {
/**
 * The program that looks.
 */
backend: ("nixos-facter" | "nixos-generate-config")
/**
 * File on this machine that is written.
 */
path: string
}
export interface ProvisionInputOwnership {
/**
 * Path in the new system.
 */
path: string
/**
 * Ids of user and group: names are not known yet.
 */
owner: string
}
export interface ProvisionInputDiskEncryptionKey {
/**
 * Path in the installer.
 */
remote: string
/**
 * File on this machine.
 */
local: string
}

export interface ProvisionOutput {
/**
 * Name.
 */
name: string
/**
 * Id of the VM.
 */
vmid?: number
/**
 * Node that has the VM.
 */
node?: string
/**
 * Address.
 */
host?: string
/**
 * Port.
 */
port?: number
/**
 * User.
 */
user?: string
/**
 * `/run/current-system`, as the host states it.
 */
system?: string
/**
 * Its public SSH host key.
 */
host_key?: string
/**
 * Lines for a known_hosts file.
 * 
 * Items: A line.
 */
known_hosts?: string[]
/**
 * What `systemctl is-system-running` says there, where it runs by now.
 */
system_state?: ("running" | "degraded" | "starting" | "unknown")
/**
 * age recipient of the host key, on request.
 */
age_recipient?: string
/**
 * Entry for ~/.ssh/config, on request.
 */
ssh_config?: string
/**
 * The steps, in order.
 */
steps: ProvisionOutputStepSummary[]
/**
 * Seconds in all.
 */
seconds: number
}
/**
 * A step.
 */
export interface ProvisionOutputStepSummary {
/**
 * Step.
 */
step: string
/**
 * How it ended.
 */
status: ("changed" | "done" | "unchanged" | "planned" | "skipped" | "failed")
/**
 * Seconds.
 */
seconds: number
/**
 * Seconds of them that it waited for other hosts of the batch.
 */
waited?: number
/**
 * Seconds after the start of the run.
 */
began: number
/**
 * What it changed or would change.
 */
diff?: {
[k: string]: unknown
}[]
}

export interface BatchInput {
/**
 * Ansible inventory: a file, a folder, a script; several with commas between them.
 */
inventory: string
/**
 * Pattern of the hosts to take, as Ansible has it: `web:!web3`, `db*`, `@retry.txt`.
 */
limit?: string
/**
 * Who reads it: Ansible, where it is installed, or this program, which knows YAML without templates.
 */
inventory_reader: ("auto" | "ansible" | "yaml")
/**
 * File with the password of vaulted values, or a script that prints it.
 */
vault_password_file?: string
/**
 * The `ansible-playbook` that reads it; else the one in PATH.
 */
ansible_playbook?: string
/**
 * Values for every host; they win over those of the inventory.
 */
values?: {
[k: string]: unknown
}
/**
 * Hosts at once.
 */
forks: number
/**
 * After so many hosts have failed no other is begun; those under way are finished.
 */
max_failures?: number
/**
 * Seconds that each host may take.
 */
host_timeout?: number
/**
 * Seconds that the whole step may take.
 */
timeout?: number
/**
 * ISO uploads at once to a node.
 */
uploads_per_node: number
/**
 * VMs that are created at once on a storage.
 */
creates_per_storage: number
/**
 * Hosts that are installed at once: each copies its closure from this machine.
 */
installs: number
/**
 * Believe the notes of earlier runs of this machine where the cluster's listing agrees with them, and not ask for each VM.
 */
journal: boolean
/**
 * Folder for the logs, two for each host: what was done (`HOST.log`), and all that the installation prints (`HOST.install.log`). Unless given, one in the state folder of the user, where logs are kept for 90 days.
 */
log_dir?: string
/**
 * File that gets the JSON report.
 */
report_file?: string
/**
 * File that gets an HTML page with the timeline of all hosts and steps.
 */
timeline_file?: string
}

export interface BatchOutput {
/**
 * The hosts, in the order of the inventory.
 */
hosts: BatchOutputHost[]
/**
 * Work that hosts had in common.
 */
shared?: BatchOutputShared[]
/**
 * What the VMs yet to be created ask of each node, in check mode.
 */
demand?: BatchOutputDemand[]
/**
 * Hosts by how they ended.
 */
counts: {
/**
 * Provisioned.
 */
changed: number
/**
 * Nothing to do.
 */
unchanged: number
/**
 * To be provisioned.
 */
planned: number
/**
 * Failed.
 */
failed: number
/**
 * Interrupted.
 */
interrupted: number
/**
 * Not begun.
 */
not_begun: number
}
/**
 * When it began, as ISO 8601 has it.
 */
began: string
/**
 * Seconds in all.
 */
seconds: number
/**
 * The JSON report.
 */
report_file?: string
/**
 * The HTML page.
 */
timeline_file?: string
}
/**
 * A host.
 */
export interface BatchOutputHost {
/**
 * Its name in the inventory.
 */
name: string
/**
 * How it ended.
 */
state: ("changed" | "unchanged" | "planned" | "failed" | "interrupted" | "not_begun")
/**
 * Id of the VM.
 */
vmid?: number
/**
 * Node that has the VM.
 */
node?: string
/**
 * Address.
 */
host?: string
/**
 * Port.
 */
port?: number
/**
 * User.
 */
user?: string
/**
 * `/run/current-system`, as the host states it.
 */
system?: string
/**
 * Its public SSH host key.
 */
host_key?: string
/**
 * Its log.
 */
log_file?: string
/**
 * Seconds after the start of the batch.
 */
began?: number
/**
 * Seconds that it took.
 */
seconds: number
/**
 * Its steps, in order.
 */
steps: Step[]
/**
 * What should be known of it.
 * 
 * Items: A warning.
 */
warnings?: string[]
/**
 * Why it failed: `code`, `message`, `hint`, `retryable`, `details`.
 */
error?: {
[k: string]: unknown
}
}
/**
 * A step.
 */
export interface Step {
/**
 * Step.
 */
step: string
/**
 * How it ended.
 */
status: ("changed" | "done" | "unchanged" | "planned" | "skipped" | "failed")
/**
 * Seconds.
 */
seconds: number
/**
 * Seconds of them that it waited for other hosts.
 */
waited?: number
/**
 * Seconds after the start of the batch.
 */
began: number
/**
 * What it changed or would change.
 */
diff?: {
[k: string]: unknown
}[]
}
/**
 * A piece of work.
 */
export interface BatchOutputShared {
/**
 * Step.
 */
step: string
/**
 * What it is for: a storage, an architecture.
 */
title: string
/**
 * How it ended.
 */
status: ("changed" | "done" | "unchanged" | "planned" | "skipped" | "failed")
/**
 * Seconds.
 */
seconds: number
/**
 * Seconds after the start of the batch.
 */
began: number
/**
 * Hosts that need it.
 */
hosts: number
/**
 * Why it failed.
 */
error?: {
[k: string]: unknown
}
}
/**
 * A node.
 */
export interface BatchOutputDemand {
/**
 * Node.
 */
node: string
/**
 * VMs to be created there.
 */
vms: number
/**
 * Their cores.
 */
cores: number
/**
 * Cores of the node.
 */
cores_of_node?: number
/**
 * Their memory, in MiB.
 */
memory: number
/**
 * Memory that the node has free, in MiB.
 */
memory_free?: number
/**
 * Space that they ask of storages.
 * 
 * Items: A storage.
 */
storages: {
/**
 * Storage.
 */
storage: string
/**
 * Bytes of their disks.
 */
bytes: number
/**
 * Bytes that are free.
 */
free?: number
/**
 * It gives space only to what is written.
 */
thin?: boolean
}[]
}

export interface TeardownInput {
/**
 * Ansible inventory: a file, a folder, a script; several with commas between them.
 */
inventory: string
/**
 * Pattern of the hosts to take, as Ansible has it: `web:!web3`, `db*`, `@retry.txt`.
 */
limit?: string
/**
 * Who reads it: Ansible, where it is installed, or this program, which knows YAML without templates.
 */
inventory_reader: ("auto" | "ansible" | "yaml")
/**
 * File with the password of vaulted values, or a script that prints it.
 */
vault_password_file?: string
/**
 * The `ansible-playbook` that reads it; else the one in PATH.
 */
ansible_playbook?: string
/**
 * Values for every host; they win over those of the inventory.
 */
values?: {
[k: string]: unknown
}
/**
 * Hosts at once.
 */
forks: number
/**
 * After so many hosts have failed no other is begun; those under way are finished.
 */
max_failures?: number
/**
 * Seconds that each host may take.
 */
host_timeout?: number
/**
 * Seconds that the whole step may take.
 */
timeout?: number
/**
 * Do not ask; needed where there is no terminal to ask on.
 */
yes: boolean
/**
 * Pull the plug of those that run; else they are left alone.
 */
stop: boolean
/**
 * Remove disks of the VMs that their configurations do not name any more as well.
 */
unreferenced: boolean
}

export interface TeardownOutput {
/**
 * The hosts, in the order of the inventory.
 */
hosts: TeardownOutputHost[]
/**
 * Seconds in all.
 */
seconds: number
}
/**
 * A host.
 */
export interface TeardownOutputHost {
/**
 * Its name in the inventory.
 */
name: string
/**
 * What became of it.
 */
state: ("destroyed" | "planned" | "absent" | "failed" | "not_begun")
/**
 * Id of the VM.
 */
vmid?: number
/**
 * Node that has, or had, the VM.
 */
node?: string
/**
 * Volumes that carry the VM's id and that its configuration did not name: left alone unless asked.
 * 
 * Items: Volume id.
 */
unreferenced?: string[]
/**
 * Why it was not destroyed: `code`, `message`, `hint`.
 */
error?: {
[k: string]: unknown
}
}

export interface InventoryInput {
/**
 * Ansible inventory: a file, a folder, a script; several with commas between them.
 */
inventory: string
/**
 * Pattern of the hosts to take, as Ansible has it: `web:!web3`, `db*`, `@retry.txt`.
 */
limit?: string
/**
 * Who reads it: Ansible, where it is installed, or this program, which knows YAML without templates.
 */
inventory_reader: ("auto" | "ansible" | "yaml")
/**
 * File with the password of vaulted values, or a script that prints it.
 */
vault_password_file?: string
/**
 * The `ansible-playbook` that reads it; else the one in PATH.
 */
ansible_playbook?: string
/**
 * Values for every host; they win over those of the inventory.
 */
values?: {
[k: string]: unknown
}
/**
 * Seconds that the whole step may take.
 */
timeout?: number
}

export interface InventoryOutput {
/**
 * The hosts, in the order of the inventory.
 */
hosts: InventoryOutputHost[]
/**
 * Who read it.
 */
reader: ("ansible" | "yaml")
}
/**
 * A host.
 */
export interface InventoryOutputHost {
/**
 * Its name in the inventory.
 */
name: string
/**
 * Its groups.
 * 
 * Items: A group.
 */
groups: string[]
/**
 * Its document for `nci provision`, secrets masked.
 */
values: {
[k: string]: unknown
}
/**
 * What is wrong with it: `code`, `message`, `hint`.
 * 
 * Items: A mistake.
 */
problems: {
[k: string]: unknown
}[]
}

export interface DoctorInput {
/**
 * Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.
 */
api_host?: string
/**
 * Port of the API, where `api_host` does not name one. 8006 unless told.
 */
api_port?: number
/**
 * User with realm.
 */
api_user?: string
/**
 * Password of `api_user`. An API token is the better choice.
 */
api_password?: string
/**
 * Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.
 */
api_totp_secret?: string
/**
 * One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.
 */
api_totp?: string
/**
 * API token: its name beside `api_user`, or whole as `user@realm!name`.
 */
api_token_id?: string
/**
 * Secret of the API token.
 */
api_token_secret?: string
/**
 * Verify the server's TLS certificate. Off is reported as a warning.
 */
validate_certs: boolean
/**
 * File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).
 */
ca_path?: string
/**
 * SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.
 */
api_fingerprint?: string
/**
 * Seconds that one API request may go without an answer.
 */
api_timeout: number
/**
 * ISO file on this machine.
 */
iso_path?: string
/**
 * URL of an ISO. Used where `iso_path` is not given.
 */
iso_url?: string
/**
 * Release to download: its tag, or `latest`. Used where neither `iso_path` nor `iso_url` is given.
 */
iso_release: string
/**
 * GitHub repository whose releases hold the ISOs.
 */
iso_repository: string
/**
 * SHA-256 that the ISO must have. Unless given, a release's ISO is verified by the digest that GitHub states, or else by the release's `SHA256SUMS`.
 */
iso_checksum?: string
/**
 * Folder for downloads. Unless given: `$XDG_CACHE_HOME/nixos-cloud-init-installer`.
 */
cache_dir?: string
/**
 * Token for GitHub's API: lifts its rate limit and opens private repositories.
 */
github_token?: string
/**
 * GitHub's API; another for GitHub Enterprise.
 */
github_api_url: string
/**
 * Name of the VM, a DNS name; also the guest's host name while it is the installer.
 */
name?: string
/**
 * Node to create the VM on. May be left out where the cluster has one node.
 */
node?: string
/**
 * Id of the VM. Unless given: the next free one.
 */
vmid?: number
/**
 * Lowest id to choose where `vmid` is not given.
 */
vmid_min?: number
/**
 * Highest id to choose where `vmid` is not given.
 */
vmid_max?: number
/**
 * Architecture of the VM and of its installer ISO.
 */
architecture: ("x86_64" | "aarch64")
/**
 * CPU cores per socket.
 */
cores: number
/**
 * CPU sockets.
 */
sockets: number
/**
 * CPU type, as Proxmox writes it. Unless given: `x86-64-v2-AES`, or `host` for aarch64; a node of another architecture cannot do `host`, but `max`.
 */
cpu?: string
/**
 * Memory in MiB. The installer needs about 1,500.
 */
memory: number
/**
 * Least memory in MiB that ballooning leaves; 0 switches ballooning off.
 */
balloon?: number
/**
 * Machine type, as Proxmox writes it.
 */
machine?: string
/**
 * Firmware. `ovmf` gets an EFI disk, without Secure Boot keys unless `secure_boot` asks for them. Unless given: `seabios`, or `ovmf` for aarch64.
 */
bios?: ("seabios" | "ovmf")
/**
 * Enrol Microsoft's and the distributions' keys in the EFI disk, which switches Secure Boot on. The installer is not signed and does not start then: only for VMs that boot something else first.
 */
secure_boot: boolean
/**
 * Storage for the EFI disk, where it is not `storage`.
 */
efi_storage?: string
/**
 * Give the VM a TPM of this version.
 */
tpm?: ("v2.0" | "v1.2")
/**
 * Storage for the TPM's state, where it is not `storage`.
 */
tpm_storage?: string
/**
 * SCSI controller.
 */
scsi_controller: ("virtio-scsi-single" | "virtio-scsi-pci" | "lsi" | "lsi53c810" | "megasas" | "pvscsi")
/**
 * Kind of guest system, as Proxmox writes it.
 */
os_type: string
/**
 * Storage for disks, the EFI disk, the TPM's state and the cloud-init drive.
 */
storage: string
/**
 * Storage for the cloud-init drive, where it is not `storage`.
 */
cloud_init_storage?: string
/**
 * Disks, in order; the first is the one that boots.
 * 
 * @maxItems 16
 */
disks: []|[DoctorInputDisk]|[DoctorInputDisk, DoctorInputDisk]|[DoctorInputDisk, DoctorInputDisk, DoctorInputDisk]|[DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk]|[DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk]|[DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk]|[DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk]|[DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk]|[DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk]|[DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk]|[DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk]|[DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk]|[DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk]|[DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk]|[DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk]|[DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk, DoctorInputDisk]
/**
 * Network cards, in order: `eth0`, `eth1`, … in the installer.
 * 
 * @maxItems 32
 */
networks: DoctorInputNetwork[]
/**
 * Resource pool to put the VM in.
 */
pool?: string
/**
 * Tags, besides the one that marks VMs of this tool.
 */
tags?: string[]
/**
 * Notes for the VM, in Markdown. A line that marks VMs of this tool is added.
 */
description?: string
/**
 * Whether the VM has the guest agent's device. Host keys are read through it.
 */
agent: boolean
/**
 * Whether the VM has a serial console (`qm terminal`).
 */
serial_console: boolean
/**
 * Display, as Proxmox writes it.
 */
vga?: string
/**
 * Whether the VM starts with its node.
 */
onboot?: boolean
/**
 * Start order, as Proxmox writes it.
 */
startup?: string
/**
 * Any other option of Proxmox's VM configuration, as its API takes it.
 */
options?: {
[k: string]: string | number | boolean
}
/**
 * User that cloud-init gives the keys to. Unless given: root.
 */
ci_user?: string
/**
 * Password that cloud-init sets. The installer takes logins by key only. Nobody can read it back: a VM that has one keeps it.
 */
ci_password?: string
/**
 * Public keys that may log in to the installer.
 */
ssh_public_keys?: string[]
/**
 * DNS servers. Unless given, the node's own.
 */
nameservers?: string[]
/**
 * DNS search domain: one; two break the host name in cloud-init.
 */
search_domain?: string
/**
 * Whether cloud-init upgrades packages; NixOS has none.
 */
ci_upgrade: boolean
/**
 * Format of the cloud-init drive. Proxmox chooses `nocloud` for Linux.
 */
ci_type?: ("nocloud" | "configdrive2")
/**
 * Files of your own in place of generated ones, as Proxmox's `cicustom`.
 */
ci_custom?: string
/**
 * Address to log in to. Unless given: the static address of the first network, else what the guest agent reports.
 */
ssh_host?: string
/**
 * Port of the guest's SSH server.
 */
ssh_port: number
/**
 * User to log in as.
 */
ssh_user: string
/**
 * Private key to log in with. Unless given: the first of `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa` that exists. An encrypted one without its passphrase is used through the agent, where that has it.
 */
ssh_private_key_file?: string
/**
 * Private key to log in with, itself, in place of the file.
 */
ssh_private_key?: string
/**
 * Passphrase of the private key.
 */
ssh_private_key_passphrase?: string
/**
 * Whether the keys of the SSH agent (`SSH_AUTH_SOCK`) log in: `true` only they, `false` never; unless given, where there is no key that can be opened.
 */
ssh_agent?: boolean
/**
 * Log in to the installer with a key that is made for the run and never written to a file. For `provision`; the installed system knows only the keys of its flake, so without one of them it is proved by its host key alone.
 */
ssh_generate_key: boolean
/**
 * Public host key that the guest must show. Unless given it is read through the guest agent, or looked up in `ssh_known_hosts_file`; failing that, the first one seen is trusted, with a warning.
 */
ssh_host_key?: string
/**
 * File in which the guest's host key is looked up where the guest agent does not tell it.
 */
ssh_known_hosts_file?: string
/**
 * What becomes of a guest whose host key is not known: `strict` refuses it; `accept-new` trusts the first one seen, with a warning. Unless given: as `accept-new`, after waiting longer for the guest agent to tell the key, and no secrets are handed over.
 */
ssh_host_key_checking?: ("strict" | "accept-new")
/**
 * JSON file that says where guests are reached from here, for guests behind port forwards: `{"192.0.2.7:22": "127.0.0.1:2207"}`; `*` stands for all others. Read at each connection.
 */
ssh_address_map?: string
/**
 * Hosts to jump through on the way to the guest, as for OpenSSH's `ProxyJump`: they are logged in to by `ssh` itself, as the user does it, and must do without asking anything. IPv6 addresses go into brackets. `none`: directly, whatever the configuration says. Unless given: as the configuration of OpenSSH says for the guest's address.
 */
ssh_proxy_jump?: string
/**
 * Configuration of OpenSSH that says how the guest's address is reached (`ProxyJump`, `ProxyCommand`). Unless given: the user's own; `none`: no configuration.
 */
ssh_config_file?: string
/**
 * Flake and attribute of the system: `nixosConfigurations.<attribute>` of the flake is installed.
 */
flake?: string
store_paths?: DoctorInputStorePaths
/**
 * Where the system is built: on this machine (and its remote builders), or in the installer. `auto`: on this machine where its Nix can build for the VM's architecture, itself, by emulation or on a remote builder.
 */
build_on: ("auto" | "local" | "remote")
/**
 * What disko does with the disks: `disko` wipes, formats and mounts them; `mount` only mounts what is on them, which must be this tool's own work, or `reinstall` set. With `store_paths`: which of disko's scripts that one is.
 */
disko_mode: ("disko" | "mount")
/**
 * Send disko's script without the partitioning tools that it needs: the installer has them. For machines with little memory. Has no effect with `store_paths`.
 */
no_disko_deps: boolean
generate_hardware_config?: DoctorInputHardwareConfig
/**
 * Let the installer fetch what it can from binary caches, instead of copying all from this machine.
 */
substitute_on_destination: boolean
/**
 * Let the installer use the binary caches of the system's configuration too. Has an effect only where the system is not built ahead: `build_on: remote`, `generate_hardware_config`.
 */
use_machine_substituters: boolean
/**
 * Nix store that the system is copied from, in place of this machine's; nixos-anywhere calls it `--from`.
 */
from_store?: string
/**
 * Settings of the store in the installer, as Nix sees it through SSH (`nix help-stores`).
 * 
 * Items: `name=value`.
 */
ssh_store_settings?: string[]
/**
 * Print the whole logs of what is built in the installer; what is built on this machine is logged in any case.
 */
print_build_logs: boolean
/**
 * Show the whole trace of a failed evaluation.
 */
show_trace: boolean
/**
 * Install although the disks of the machine that runs the installer hold something. This wipes them, unless `disko_mode` is `mount`. Needed for anything that this tool cannot know to be its own unfinished work: after another boot of the installer disks with a system, with other files, encrypted or in a pool; new volumes of thick LVM that show old data. A host that is installed already is left alone all the same.
 */
reinstall: boolean
/**
 * Folder whose content is copied to the new system's root.
 */
extra_files?: string
/**
 * Owners of files and folders of the new system, recursively; those of `extra_files` are root's otherwise.
 */
chown?: DoctorInputOwnership[]
/**
 * Key files for disko, put on the installer before it formats.
 */
disk_encryption_keys?: DoctorInputDiskEncryptionKey[]
/**
 * Make the new system's SSH host key here and ship it, so that the first login to it is verified. Without it, or where `extra_files` has one, that key is kept.
 */
generate_host_key: boolean
/**
 * Private ed25519 key, without a passphrase, that becomes the new system's SSH host key, in place of one that is made. For hosts whose secrets are encrypted for a key that is kept elsewhere.
 */
host_key_file?: string
/**
 * Give the new system the installer's SSH host keys. Needs `generate_host_key: false`.
 */
copy_host_keys: boolean
/**
 * State the age recipient of the new system's SSH host key in the result, for sops.
 */
age_recipient: boolean
/**
 * State an entry for ~/.ssh/config in the result.
 */
ssh_config: boolean
/**
 * The nixos-anywhere program. Unless given: from PATH, else `nix run` of the pinned version.
 */
nixos_anywhere?: string
/**
 * Options for the SSH connections of nixos-anywhere and Nix. Those that say whom to connect to, and how the host is verified, are not among them.
 * 
 * Items: `Name=value`.
 */
ssh_options?: string[]
/**
 * Options for Nix, name to value.
 */
nix_options?: {
[k: string]: string
}
/**
 * Seconds that the installation may go without any output.
 */
silence_timeout: number
/**
 * File that gets everything the installation prints, secrets masked; each run is appended.
 */
log_file?: string
/**
 * User to log in to the installed system as, where it is not `ssh_user`.
 */
system_ssh_user?: string
/**
 * Address of the installed system, where it is another than the installer's.
 */
system_ssh_host?: string
/**
 * Seconds from a start or reboot to the login.
 */
boot_timeout: number
/**
 * Storage for the installer ISO.
 */
iso_storage: string
/**
 * Volume id of an installer ISO that is on the storage already, in place of getting one.
 */
iso?: string
/**
 * Seconds that the installation may take.
 */
install_timeout: number
/**
 * How ISO and cloud-init drive go: `cold` with the VM off between installer and system, `hot` after the reboot, or `keep`.
 */
detach: ("cold" | "hot" | "keep")
/**
 * What becomes of a VM that this run created, when a later step fails.
 */
on_failure: ("keep" | "destroy")
/**
 * Seconds that the whole step may take.
 */
timeout?: number
/**
 * How the ISO would get on its storage: this program sends it, or Proxmox fetches a URL itself.
 */
via: ("engine" | "proxmox")
}
export interface DoctorInputDisk {
/**
 * Size, in powers of 1024. An imported disk has its image's unless a larger one is given.
 */
size?: string
/**
 * Volume id of an image to fill the disk with, in place of an empty one.
 */
import_from?: string
/**
 * Storage, where it is not the VM's `storage`.
 */
storage?: string
/**
 * Bus.
 */
bus: ("scsi" | "virtio" | "sata")
/**
 * Format of the image, on storages that hold files.
 */
format?: ("raw" | "qcow2" | "vmdk")
/**
 * Hand discards on to the storage.
 */
discard: boolean
/**
 * Present it as a solid-state disk.
 */
ssd?: boolean
/**
 * Give it an I/O thread of its own.
 */
iothread?: boolean
/**
 * Cache mode.
 */
cache?: ("none" | "writethrough" | "writeback" | "unsafe" | "directsync")
/**
 * How QEMU does its input and output. Proxmox chooses unless told.
 */
aio?: ("native" | "threads" | "io_uring")
/**
 * Whether backups include it.
 */
backup?: boolean
/**
 * Whether storage replication includes it.
 */
replicate?: boolean
/**
 * Serial number that the guest sees.
 */
serial?: string
}
export interface DoctorInputNetwork {
/**
 * Bridge or SDN vnet of the node.
 */
bridge: string
/**
 * Model of the card.
 */
model: ("virtio" | "e1000" | "e1000e" | "rtl8139" | "vmxnet3")
/**
 * MAC address. Unless given, Proxmox makes one.
 */
mac?: string
/**
 * VLAN tag.
 */
vlan?: number
/**
 * MTU; 1 takes the bridge's.
 */
mtu?: number
/**
 * Whether Proxmox's firewall guards it.
 */
firewall?: boolean
/**
 * Whether the card is unplugged.
 */
link_down?: boolean
/**
 * Queues of a virtio card.
 */
queues?: number
/**
 * Most that passes through it, in MB a second.
 */
rate?: number
/**
 * VLANs that pass through it tagged.
 */
trunks?: string
/**
 * IPv4 address of the installer with its prefix length of 8 or more, or `dhcp`.
 */
ip?: string
/**
 * IPv4 gateway.
 */
gateway?: string
/**
 * IPv6 address of the installer with its prefix length of 8 or more, `dhcp`, or `auto` (SLAAC).
 */
ip6?: string
/**
 * IPv6 gateway.
 */
gateway6?: string
}
/**
 * The system, already built, in place of `flake`.
 */
export interface DoctorInputStorePaths {
/**
 * `config.system.build.diskoScript`.
 */
disko_script: string
/**
 * `config.system.build.toplevel`.
 */
system: string
}
/**
 * Look at the machine's hardware first and write what is found to a file of the flake. The system is then built afterwards, and not ahead.
 */
export interface DoctorInputHardwareConfig {
/**
 * The program that looks.
 */
backend: ("nixos-facter" | "nixos-generate-config")
/**
 * File on this machine that is written.
 */
path: string
}
export interface DoctorInputOwnership {
/**
 * Path in the new system.
 */
path: string
/**
 * Ids of user and group: names are not known yet.
 */
owner: string
}
export interface DoctorInputDiskEncryptionKey {
/**
 * Path in the installer.
 */
remote: string
/**
 * File on this machine.
 */
local: string
}

export interface DoctorOutput {
/**
 * Whether no check failed. Where one did, the document is a failure with the code `DOCTOR_FOUND_PROBLEMS`, and `checks` and `commands` are in its `error.details`.
 */
healthy: boolean
/**
 * All checks, in order.
 */
checks: DoctorOutputCheck[]
/**
 * Commands for a root shell of a node that mend what such commands can mend: privileges, content types.
 * 
 * Items: A command.
 */
commands: string[]
}
export interface DoctorOutputCheck {
/**
 * What was checked, for programs: `login`, `privileges.vm.create`, `storage.iso.local`.
 */
id: string
/**
 * Part of the report: `Proxmox`, `Permissions`, `Storage`, …
 */
group: string
/**
 * What was checked, for people.
 */
title: string
/**
 * How it came out. `skipped`: it could not be looked at, or is of no concern.
 */
status: ("ok" | "warning" | "failed" | "skipped")
/**
 * What was found.
 */
message: string
/**
 * What to do about it.
 */
hint?: string
/**
 * The same as values.
 */
details?: {
[k: string]: unknown
}
}

export interface HostDocument {
/**
 * ISO file on this machine.
 */
iso_path?: string
/**
 * URL of an ISO. Used where `iso_path` is not given.
 */
iso_url?: string
/**
 * Release to download: its tag, or `latest`. Used where neither `iso_path` nor `iso_url` is given.
 */
iso_release: string
/**
 * GitHub repository whose releases hold the ISOs.
 */
iso_repository: string
/**
 * SHA-256 that the ISO must have. Unless given, a release's ISO is verified by the digest that GitHub states, or else by the release's `SHA256SUMS`.
 */
iso_checksum?: string
/**
 * Folder for downloads. Unless given: `$XDG_CACHE_HOME/nixos-cloud-init-installer`.
 */
cache_dir?: string
/**
 * Token for GitHub's API: lifts its rate limit and opens private repositories.
 */
github_token?: string
/**
 * GitHub's API; another for GitHub Enterprise.
 */
github_api_url: string
/**
 * Name of the VM, a DNS name; also the guest's host name while it is the installer.
 */
name: string
/**
 * Node to create the VM on. May be left out where the cluster has one node.
 */
node?: string
/**
 * Id of the VM. Unless given: the next free one.
 */
vmid?: number
/**
 * Lowest id to choose where `vmid` is not given.
 */
vmid_min?: number
/**
 * Highest id to choose where `vmid` is not given.
 */
vmid_max?: number
/**
 * Architecture of the VM and of its installer ISO.
 */
architecture: ("x86_64" | "aarch64")
/**
 * CPU cores per socket.
 */
cores: number
/**
 * CPU sockets.
 */
sockets: number
/**
 * CPU type, as Proxmox writes it. Unless given: `x86-64-v2-AES`, or `host` for aarch64; a node of another architecture cannot do `host`, but `max`.
 */
cpu?: string
/**
 * Memory in MiB. The installer needs about 1,500.
 */
memory: number
/**
 * Least memory in MiB that ballooning leaves; 0 switches ballooning off.
 */
balloon?: number
/**
 * Machine type, as Proxmox writes it.
 */
machine?: string
/**
 * Firmware. `ovmf` gets an EFI disk, without Secure Boot keys unless `secure_boot` asks for them. Unless given: `seabios`, or `ovmf` for aarch64.
 */
bios?: ("seabios" | "ovmf")
/**
 * Enrol Microsoft's and the distributions' keys in the EFI disk, which switches Secure Boot on. The installer is not signed and does not start then: only for VMs that boot something else first.
 */
secure_boot: boolean
/**
 * Storage for the EFI disk, where it is not `storage`.
 */
efi_storage?: string
/**
 * Give the VM a TPM of this version.
 */
tpm?: ("v2.0" | "v1.2")
/**
 * Storage for the TPM's state, where it is not `storage`.
 */
tpm_storage?: string
/**
 * SCSI controller.
 */
scsi_controller: ("virtio-scsi-single" | "virtio-scsi-pci" | "lsi" | "lsi53c810" | "megasas" | "pvscsi")
/**
 * Kind of guest system, as Proxmox writes it.
 */
os_type: string
/**
 * Storage for disks, the EFI disk, the TPM's state and the cloud-init drive.
 */
storage: string
/**
 * Storage for the cloud-init drive, where it is not `storage`.
 */
cloud_init_storage?: string
/**
 * Disks, in order; the first is the one that boots.
 * 
 * @maxItems 16
 */
disks: []|[HostDocumentDisk]|[HostDocumentDisk, HostDocumentDisk]|[HostDocumentDisk, HostDocumentDisk, HostDocumentDisk]|[HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk]|[HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk]|[HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk]|[HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk]|[HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk]|[HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk]|[HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk]|[HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk]|[HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk]|[HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk]|[HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk]|[HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk]|[HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk, HostDocumentDisk]
/**
 * Network cards, in order: `eth0`, `eth1`, … in the installer.
 * 
 * @maxItems 32
 */
networks: HostDocumentNetwork[]
/**
 * Resource pool to put the VM in.
 */
pool?: string
/**
 * Tags, besides the one that marks VMs of this tool.
 */
tags?: string[]
/**
 * Notes for the VM, in Markdown. A line that marks VMs of this tool is added.
 */
description?: string
/**
 * Whether the VM has the guest agent's device. Host keys are read through it.
 */
agent: boolean
/**
 * Whether the VM has a serial console (`qm terminal`).
 */
serial_console: boolean
/**
 * Display, as Proxmox writes it.
 */
vga?: string
/**
 * Whether the VM starts with its node.
 */
onboot?: boolean
/**
 * Start order, as Proxmox writes it.
 */
startup?: string
/**
 * Any other option of Proxmox's VM configuration, as its API takes it.
 */
options?: {
[k: string]: string | number | boolean
}
/**
 * User that cloud-init gives the keys to. Unless given: root.
 */
ci_user?: string
/**
 * Password that cloud-init sets. The installer takes logins by key only. Nobody can read it back: a VM that has one keeps it.
 */
ci_password?: string
/**
 * Public keys that may log in to the installer.
 */
ssh_public_keys?: string[]
/**
 * DNS servers. Unless given, the node's own.
 */
nameservers?: string[]
/**
 * DNS search domain: one; two break the host name in cloud-init.
 */
search_domain?: string
/**
 * Whether cloud-init upgrades packages; NixOS has none.
 */
ci_upgrade: boolean
/**
 * Format of the cloud-init drive. Proxmox chooses `nocloud` for Linux.
 */
ci_type?: ("nocloud" | "configdrive2")
/**
 * Files of your own in place of generated ones, as Proxmox's `cicustom`.
 */
ci_custom?: string
/**
 * Address to log in to. Unless given: the static address of the first network, else what the guest agent reports.
 */
ssh_host?: string
/**
 * Port of the guest's SSH server.
 */
ssh_port: number
/**
 * User to log in as.
 */
ssh_user: string
/**
 * Private key to log in with. Unless given: the first of `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa` that exists. An encrypted one without its passphrase is used through the agent, where that has it.
 */
ssh_private_key_file?: string
/**
 * Private key to log in with, itself, in place of the file.
 */
ssh_private_key?: string
/**
 * Passphrase of the private key.
 */
ssh_private_key_passphrase?: string
/**
 * Whether the keys of the SSH agent (`SSH_AUTH_SOCK`) log in: `true` only they, `false` never; unless given, where there is no key that can be opened.
 */
ssh_agent?: boolean
/**
 * Log in to the installer with a key that is made for the run and never written to a file. For `provision`; the installed system knows only the keys of its flake, so without one of them it is proved by its host key alone.
 */
ssh_generate_key: boolean
/**
 * Public host key that the guest must show. Unless given it is read through the guest agent, or looked up in `ssh_known_hosts_file`; failing that, the first one seen is trusted, with a warning.
 */
ssh_host_key?: string
/**
 * File in which the guest's host key is looked up where the guest agent does not tell it.
 */
ssh_known_hosts_file?: string
/**
 * What becomes of a guest whose host key is not known: `strict` refuses it; `accept-new` trusts the first one seen, with a warning. Unless given: as `accept-new`, after waiting longer for the guest agent to tell the key, and no secrets are handed over.
 */
ssh_host_key_checking?: ("strict" | "accept-new")
/**
 * JSON file that says where guests are reached from here, for guests behind port forwards: `{"192.0.2.7:22": "127.0.0.1:2207"}`; `*` stands for all others. Read at each connection.
 */
ssh_address_map?: string
/**
 * Hosts to jump through on the way to the guest, as for OpenSSH's `ProxyJump`: they are logged in to by `ssh` itself, as the user does it, and must do without asking anything. IPv6 addresses go into brackets. `none`: directly, whatever the configuration says. Unless given: as the configuration of OpenSSH says for the guest's address.
 */
ssh_proxy_jump?: string
/**
 * Configuration of OpenSSH that says how the guest's address is reached (`ProxyJump`, `ProxyCommand`). Unless given: the user's own; `none`: no configuration.
 */
ssh_config_file?: string
/**
 * Flake and attribute of the system: `nixosConfigurations.<attribute>` of the flake is installed.
 */
flake?: string
store_paths?: HostDocumentStorePaths
/**
 * Where the system is built: on this machine (and its remote builders), or in the installer. `auto`: on this machine where its Nix can build for the VM's architecture, itself, by emulation or on a remote builder.
 */
build_on: ("auto" | "local" | "remote")
/**
 * What disko does with the disks: `disko` wipes, formats and mounts them; `mount` only mounts what is on them, which must be this tool's own work, or `reinstall` set. With `store_paths`: which of disko's scripts that one is.
 */
disko_mode: ("disko" | "mount")
/**
 * Send disko's script without the partitioning tools that it needs: the installer has them. For machines with little memory. Has no effect with `store_paths`.
 */
no_disko_deps: boolean
generate_hardware_config?: HostDocumentHardwareConfig
/**
 * Let the installer fetch what it can from binary caches, instead of copying all from this machine.
 */
substitute_on_destination: boolean
/**
 * Let the installer use the binary caches of the system's configuration too. Has an effect only where the system is not built ahead: `build_on: remote`, `generate_hardware_config`.
 */
use_machine_substituters: boolean
/**
 * Nix store that the system is copied from, in place of this machine's; nixos-anywhere calls it `--from`.
 */
from_store?: string
/**
 * Settings of the store in the installer, as Nix sees it through SSH (`nix help-stores`).
 * 
 * Items: `name=value`.
 */
ssh_store_settings?: string[]
/**
 * Print the whole logs of what is built in the installer; what is built on this machine is logged in any case.
 */
print_build_logs: boolean
/**
 * Show the whole trace of a failed evaluation.
 */
show_trace: boolean
/**
 * Install although the disks of the machine that runs the installer hold something. This wipes them, unless `disko_mode` is `mount`. Needed for anything that this tool cannot know to be its own unfinished work: after another boot of the installer disks with a system, with other files, encrypted or in a pool; new volumes of thick LVM that show old data. A host that is installed already is left alone all the same.
 */
reinstall: boolean
/**
 * Folder whose content is copied to the new system's root.
 */
extra_files?: string
/**
 * Owners of files and folders of the new system, recursively; those of `extra_files` are root's otherwise.
 */
chown?: HostDocumentOwnership[]
/**
 * Key files for disko, put on the installer before it formats.
 */
disk_encryption_keys?: HostDocumentDiskEncryptionKey[]
/**
 * Make the new system's SSH host key here and ship it, so that the first login to it is verified. Without it, or where `extra_files` has one, that key is kept.
 */
generate_host_key: boolean
/**
 * Private ed25519 key, without a passphrase, that becomes the new system's SSH host key, in place of one that is made. For hosts whose secrets are encrypted for a key that is kept elsewhere.
 */
host_key_file?: string
/**
 * Give the new system the installer's SSH host keys. Needs `generate_host_key: false`.
 */
copy_host_keys: boolean
/**
 * State the age recipient of the new system's SSH host key in the result, for sops.
 */
age_recipient: boolean
/**
 * State an entry for ~/.ssh/config in the result.
 */
ssh_config: boolean
/**
 * The nixos-anywhere program. Unless given: from PATH, else `nix run` of the pinned version.
 */
nixos_anywhere?: string
/**
 * Options for the SSH connections of nixos-anywhere and Nix. Those that say whom to connect to, and how the host is verified, are not among them.
 * 
 * Items: `Name=value`.
 */
ssh_options?: string[]
/**
 * Options for Nix, name to value.
 */
nix_options?: {
[k: string]: string
}
/**
 * Seconds that the installation may go without any output.
 */
silence_timeout: number
/**
 * File that gets everything the installation prints, secrets masked; each run is appended.
 */
log_file?: string
/**
 * User to log in to the installed system as, where it is not `ssh_user`.
 */
system_ssh_user?: string
/**
 * Address of the installed system, where it is another than the installer's.
 */
system_ssh_host?: string
/**
 * Seconds from a start or reboot to the login.
 */
boot_timeout: number
/**
 * Storage for the installer ISO.
 */
iso_storage: string
/**
 * Volume id of an installer ISO that is on the storage already, in place of getting one.
 */
iso?: string
/**
 * Seconds that the installation may take.
 */
install_timeout: number
}
export interface HostDocumentDisk {
/**
 * Size, in powers of 1024. An imported disk has its image's unless a larger one is given.
 */
size?: string
/**
 * Volume id of an image to fill the disk with, in place of an empty one.
 */
import_from?: string
/**
 * Storage, where it is not the VM's `storage`.
 */
storage?: string
/**
 * Bus.
 */
bus: ("scsi" | "virtio" | "sata")
/**
 * Format of the image, on storages that hold files.
 */
format?: ("raw" | "qcow2" | "vmdk")
/**
 * Hand discards on to the storage.
 */
discard: boolean
/**
 * Present it as a solid-state disk.
 */
ssd?: boolean
/**
 * Give it an I/O thread of its own.
 */
iothread?: boolean
/**
 * Cache mode.
 */
cache?: ("none" | "writethrough" | "writeback" | "unsafe" | "directsync")
/**
 * How QEMU does its input and output. Proxmox chooses unless told.
 */
aio?: ("native" | "threads" | "io_uring")
/**
 * Whether backups include it.
 */
backup?: boolean
/**
 * Whether storage replication includes it.
 */
replicate?: boolean
/**
 * Serial number that the guest sees.
 */
serial?: string
}
export interface HostDocumentNetwork {
/**
 * Bridge or SDN vnet of the node.
 */
bridge: string
/**
 * Model of the card.
 */
model: ("virtio" | "e1000" | "e1000e" | "rtl8139" | "vmxnet3")
/**
 * MAC address. Unless given, Proxmox makes one.
 */
mac?: string
/**
 * VLAN tag.
 */
vlan?: number
/**
 * MTU; 1 takes the bridge's.
 */
mtu?: number
/**
 * Whether Proxmox's firewall guards it.
 */
firewall?: boolean
/**
 * Whether the card is unplugged.
 */
link_down?: boolean
/**
 * Queues of a virtio card.
 */
queues?: number
/**
 * Most that passes through it, in MB a second.
 */
rate?: number
/**
 * VLANs that pass through it tagged.
 */
trunks?: string
/**
 * IPv4 address of the installer with its prefix length of 8 or more, or `dhcp`.
 */
ip?: string
/**
 * IPv4 gateway.
 */
gateway?: string
/**
 * IPv6 address of the installer with its prefix length of 8 or more, `dhcp`, or `auto` (SLAAC).
 */
ip6?: string
/**
 * IPv6 gateway.
 */
gateway6?: string
}
/**
 * The system, already built, in place of `flake`.
 */
export interface HostDocumentStorePaths {
/**
 * `config.system.build.diskoScript`.
 */
disko_script: string
/**
 * `config.system.build.toplevel`.
 */
system: string
}
/**
 * Look at the machine's hardware first and write what is found to a file of the flake. The system is then built afterwards, and not ahead.
 */
export interface HostDocumentHardwareConfig {
/**
 * The program that looks.
 */
backend: ("nixos-facter" | "nixos-generate-config")
/**
 * File on this machine that is written.
 */
path: string
}
export interface HostDocumentOwnership {
/**
 * Path in the new system.
 */
path: string
/**
 * Ids of user and group: names are not known yet.
 */
owner: string
}
export interface HostDocumentDiskEncryptionKey {
/**
 * Path in the installer.
 */
remote: string
/**
 * File on this machine.
 */
local: string
}

export interface LabDocument {
/**
 * Release of Proxmox VE that the API imitates. Unless given: the newest.
 */
version?: ("9.2" | "8.4")
/**
 * Nodes of the cluster. Unless given: `pve` alone.
 */
nodes?: {
/**
 * Name.
 */
name: string
/**
 * Processors.
 */
cpus?: number
/**
 * Memory, in bytes.
 */
memoryBytes?: number
/**
 * Size of its root file system, in bytes; only shown.
 */
diskBytes?: number
/**
 * Bridges that VMs can use. Unless given: `vmbr0`.
 */
bridges?: string[]
/**
 * IP address.
 */
address?: string
}[]
/**
 * Storages. Unless given: `local` and `local-lvm`.
 */
storages?: {
/**
 * Name.
 */
id: string
/**
 * Kind. Unless given: `dir`.
 */
type?: ("dir" | "lvmthin" | "nfs")
/**
 * What it may hold.
 */
content: ("iso" | "import" | "images" | "snippets" | "vztmpl" | "backup" | "rootdir")[]
/**
 * Whether all nodes see the same volumes.
 */
shared?: boolean
/**
 * The nodes that have it. Unless given: all.
 */
nodes?: string[]
/**
 * Size in bytes; writing more fails.
 */
totalBytes?: number
/**
 * Whether it is switched off.
 */
disabled?: boolean
/**
 * Where it claims to be; only shown.
 */
path?: string
}[]
/**
 * Resource pools.
 */
pools?: string[]
/**
 * Users besides `root@pam`.
 */
users?: {
/**
 * User and realm.
 */
id: string
/**
 * Password. Without one the user cannot log in.
 */
password?: string
/**
 * Secret of the second factor in base32 (RFC 6238): the login then asks for a code.
 */
totp?: string
/**
 * Whether the user may log in. Unless given: yes.
 */
enabled?: boolean
/**
 * When the account ends, in seconds since 1970; 0 is never.
 */
expire?: number
/**
 * Comment.
 */
comment?: string
/**
 * Address.
 */
email?: string
/**
 * First name.
 */
firstname?: string
/**
 * Last name.
 */
lastname?: string
/**
 * Keys, as Proxmox calls them.
 */
keys?: string
}[]
/**
 * Groups of users.
 */
groups?: {
/**
 * Name.
 */
id: string
/**
 * Users in it.
 */
members?: string[]
/**
 * Comment.
 */
comment?: string
}[]
/**
 * API tokens besides root's own.
 */
tokens?: {
/**
 * User and name.
 */
id: string
/**
 * Secret.
 */
secret: string
/**
 * Whether it has no more than its own entries in `acl` give. Unless given: no.
 */
privilegeSeparation?: boolean
/**
 * When it ends, in seconds since 1970; 0 is never.
 */
expire?: number
/**
 * Comment.
 */
comment?: string
}[]
/**
 * Roles of one's own: their privileges by name.
 */
roles?: {
[k: string]: string[]
}
/**
 * Who has which role where.
 */
acl?: {
/**
 * Path.
 */
path: string
/**
 * User, token, or `@` and a group.
 */
id: string
/**
 * Role of Proxmox's, or one of `roles`.
 */
role: string
/**
 * Whether it holds below the path, too. Unless given: yes.
 */
propagate?: boolean
}[]
/**
 * How slow the server is. Unless given it is as fast as it can be.
 */
latency?: {
/**
 * Before every answer, in milliseconds.
 */
requestMs?: number
/**
 * What a create takes besides its work, in milliseconds.
 */
createMs?: number
/**
 * What a start takes, in milliseconds.
 */
startMs?: number
/**
 * What a stop takes, in milliseconds.
 */
stopMs?: number
/**
 * What a change of the configuration takes, in milliseconds.
 */
configMs?: number
/**
 * What a removal takes, in milliseconds.
 */
destroyMs?: number
/**
 * What the copy of an upload into its storage takes, in milliseconds.
 */
copyMs?: number
/**
 * Rate at which an upload is read; 0 is as fast as it comes.
 */
uploadBytesPerSecond?: number
/**
 * Rate at which a node itself downloads; 0 is as fast as it comes.
 */
downloadBytesPerSecond?: number
/**
 * How long a new VM has no name in the list of all, in milliseconds.
 */
statsMs?: number
}
/**
 * What goes wrong: with requests, with tasks, and with the cluster as a whole.
 */
faults?: ({
/**
 * Method of the request. Unless given: any.
 */
method?: ("GET" | "POST" | "PUT" | "DELETE")
/**
 * Path without `/api2/json`; `*` stands for one part, `**` for any number.
 */
path: string
/**
 * How often it happens. Unless given: until the end.
 */
times?: number
/**
 * How many pass unharmed before.
 */
after?: number
/**
 * What happens.
 */
action: ({
/**
 * It gets this answer, and has no effect.
 */
answer: {
/**
 * Status of HTTP.
 */
status: number
/**
 * Reason phrase, which is where Proxmox says what is wrong.
 */
reason: string
/**
 * Body of the answer.
 */
body?: string
}
} | {
/**
 * The connection breaks: before the request takes effect, after it did but before the answer, or in the middle of an upload's body.
 */
drop: ("before" | "after" | "upload")
/**
 * How much of the upload's body is read before.
 */
bytes?: number
} | {
/**
 * It takes longer by so much, in milliseconds.
 */
delayMs: number
} | {
/**
 * The answer never comes; the request has no effect.
 */
hang: true
})
} | {
/**
 * Kind of task, as Proxmox calls it: `qmcreate`, `qmstart`, `imgcopy`, `download`, …; `*` for any.
 */
task: string
/**
 * Id of the task: mostly the VMID. Unless given: any.
 */
id?: string
/**
 * How often it happens. Unless given: until the end.
 */
times?: number
/**
 * How many pass unharmed before.
 */
after?: number
/**
 * What happens.
 */
action: ({
/**
 * It ends with this error; what it should have done does not happen.
 */
fail: string
} | {
/**
 * It does its work and then complains like this.
 */
warnings: string[]
} | {
/**
 * It runs until somebody aborts it.
 */
hang: true
} | {
/**
 * It is killed before it does anything: its log just ends.
 */
kill: true
} | {
/**
 * It takes longer by so much, in milliseconds.
 */
delayMs: number
})
} | {
/**
 * Somebody else takes the VMID just before a create.
 */
vmidRace: true
/**
 * Only this VMID.
 */
vmid?: number
/**
 * How often it happens. Unless given: until the end.
 */
times?: number
/**
 * How many pass unharmed before.
 */
after?: number
} | {
/**
 * Name of a node that is down.
 */
nodeDown: string
/**
 * What happens to whoever tries to reach it. Unless given: it answers 595.
 */
how?: ("unreachable" | "refused" | "timeout")
} | {
/**
 * Nothing that the nodes share can be written.
 */
noQuorum: true
} | {
/**
 * Name of a storage that has no space left.
 */
storageFull: string
/**
 * The node on which it is full. Unless given: all.
 */
node?: string
} | {
/**
 * Lock that VMs are kept under, as by a backup: `backup`, `snapshot`, ….
 */
vmLock: string
/**
 * Only this VM.
 */
vmid?: number
})[]
/**
 * What a VM is when it is switched on: nothing but an SSH server that behaves like one, or a process of QEMU. Unless given: simulated.
 */
guests?: ("simulated" | "qemu")
/**
 * What real guests get.
 */
qemu?: {
/**
 * Folder of QEMU's programs. Unless given: `NCI_QEMU_PROGRAMS`, and then PATH.
 */
programs?: string
/**
 * The most memory that a guest gets, in MiB.
 */
maxMemoryMiB?: number
/**
 * The most processors that a guest gets.
 */
maxCpus?: number
/**
 * The processor: `tcg` is the emulation in software. Unless given: the hardware's, where that works.
 */
acceleration?: ("kvm" | "hvf" | "tcg")
/**
 * Processor that guests see where it is emulated, as QEMU calls it. Unless given: `max`.
 */
emulatedCpu?: string
/**
 * Whether guests may open connections to the world.
 */
internet?: boolean
}
/**
 * How slow simulated guests are.
 */
guestLatency?: {
/**
 * From power on until port 22 takes connections, in milliseconds.
 */
port?: number
/**
 * From there until sshd sends its banner, in milliseconds.
 */
banner?: number
/**
 * From there until cloud-init has written the keys, in milliseconds.
 */
keys?: number
/**
 * From there until cloud-init is done, in milliseconds.
 */
cloudInit?: number
/**
 * From `poweroff` or `reboot` until the connections are closed, in milliseconds.
 */
shutdown?: number
/**
 * How long a reboot keeps the machine away, in milliseconds.
 */
reboot?: number
/**
 * What nixos-install takes, in milliseconds.
 */
install?: number
/**
 * What each store path takes to be received, in milliseconds.
 */
copy?: number
}
/**
 * What goes wrong in simulated guests.
 */
guestFaults?: {
/**
 * The boot never gets as far as the network.
 */
bootHangs?: boolean
/**
 * The installed system never gets as far as the network; the installer does.
 */
installedSystemHangs?: boolean
/**
 * sshd never sends its banner.
 */
bannerNeverSent?: boolean
/**
 * cloud-init never writes the keys: every login is refused.
 */
keysNeverArrive?: boolean
/**
 * cloud-init ends with this error.
 */
cloudInitError?: string
/**
 * The guest agent does not answer.
 */
agentSilent?: boolean
/**
 * Connections meet another host key than the one on the disk.
 */
foreignHostKey?: boolean
/**
 * Every connection is cut once so many bytes came in on it.
 */
dropAfterBytes?: number
/**
 * After so many commands since the boot, every connection is cut at its next one.
 */
dropAfterCommands?: number
/**
 * The disk goes away while disko works.
 */
diskVanishes?: boolean
/**
 * Receiving store paths fails for want of space.
 */
noSpace?: boolean
/**
 * nixos-install fails with this message.
 */
installFails?: string
/**
 * The machine switches itself off in the middle of this.
 */
diesDuring?: ("disko" | "copy" | "install")
/**
 * What `systemctl is-system-running` says: `degraded`, `maintenance`, ….
 */
systemState?: string
/**
 * Units that systemd lists as failed.
 */
failedUnits?: string[]
/**
 * `reboot` and `poweroff` inside the guest do nothing.
 */
rebootIgnored?: boolean
}
/**
 * Whether the lab's stand-ins for Nix and nixos-anywhere go first in PATH. Unless given: for simulated guests, and for real ones where there is no Nix.
 */
standIns?: boolean
/**
 * Factor on the waiting times of the stand-in for nixos-anywhere; 1 is genuine.
 */
pace?: number
}

export type StepId = 'iso.build' | 'iso.download' | 'iso.upload' | 'vm.create' | 'vm.start' | 'ssh.wait' | 'nixos.install' | 'vm.detach' | 'vm.info' | 'vm.destroy'
export type DocumentId = StepId | 'provision' | 'batch' | 'teardown' | 'inventory' | 'doctor'

/** Inputs by step, defaults filled in. */
export interface Inputs {
  'iso.build': IsoBuildInput
  'iso.download': IsoDownloadInput
  'iso.upload': IsoUploadInput
  'vm.create': VmCreateInput
  'vm.start': VmStartInput
  'ssh.wait': SshWaitInput
  'nixos.install': NixosInstallInput
  'vm.detach': VmDetachInput
  'vm.info': VmInfoInput
  'vm.destroy': VmDestroyInput
  'provision': ProvisionInput
  'batch': BatchInput
  'teardown': TeardownInput
  'inventory': InventoryInput
  'doctor': DoctorInput
}

export interface Outputs {
  'iso.build': IsoBuildOutput
  'iso.download': IsoDownloadOutput
  'iso.upload': IsoUploadOutput
  'vm.create': VmCreateOutput
  'vm.start': VmStartOutput
  'ssh.wait': SshWaitOutput
  'nixos.install': NixosInstallOutput
  'vm.detach': VmDetachOutput
  'vm.info': VmInfoOutput
  'vm.destroy': VmDestroyOutput
  'provision': ProvisionOutput
  'batch': BatchOutput
  'teardown': TeardownOutput
  'inventory': InventoryOutput
  'doctor': DoctorOutput
}
