// Generated from schemas/ by `npm run generate`; do not edit.

import type { DocumentId } from './types.ts'

/** A property of a document's top level, for a flag or an environment variable. */
export interface PropertyInfo {
  readonly name: string
  /** `json`: arrays and objects, which only a document can give. */
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'json'
  readonly description: string
  readonly secret: boolean
  readonly options?: readonly string[]
  readonly default?: string | number | boolean
  readonly environment: readonly string[]
}

export interface DocumentInfo {
  /** The words of its command: `vm create`. */
  readonly command: string
  readonly title: string
  readonly summary: string
  readonly examples: readonly { readonly title: string; readonly input: Readonly<Record<string, unknown>> }[]
  /** JSON pointers of the secrets; `*` stands for any array index. */
  readonly secrets: readonly string[]
  readonly properties: readonly PropertyInfo[]
}

export const documents: Readonly<Record<DocumentId, DocumentInfo>> = {
  "iso.build": {
    "command": "iso build",
    "title": "Build the installer ISO with Nix",
    "summary": "Builds the installer ISO from a flake with Nix, for either architecture.",
    "examples": [
      {
        "title": "this project's installer",
        "input": {
          "architecture": "x86_64"
        }
      },
      {
        "title": "an installer of one's own, copied to a folder",
        "input": {
          "flake": ".#installer",
          "path": "images/"
        }
      },
      {
        "title": "for aarch64 on another machine",
        "input": {
          "architecture": "aarch64",
          "builders": [
            "ssh-ng://builder@arm1.example.org aarch64-linux"
          ]
        }
      }
    ],
    "secrets": [],
    "properties": [
      {
        "name": "timeout",
        "type": "number",
        "description": "Seconds that the whole step may take. An emulated build may take hours.",
        "secret": false,
        "default": 14400,
        "environment": []
      },
      {
        "name": "flake",
        "type": "string",
        "description": "Flake that has the installer, with `#ATTRIBUTE` in place of `attribute` if liked. Unless given: this project's, from the checkout that this program runs in, or else from GitHub.",
        "secret": false,
        "environment": []
      },
      {
        "name": "attribute",
        "type": "string",
        "description": "What is built: the name of a `nixosConfigurations` whose `config.system.build.isoImage` it is, or the whole path of a package that holds an ISO. Unless given: the configuration that is called as the architecture.",
        "secret": false,
        "environment": []
      },
      {
        "name": "architecture",
        "type": "string",
        "description": "Architecture of the VMs that are to boot from it. It may be another one than this machine's where Nix can build for it: by emulation, which is slow, or on a remote builder.",
        "secret": false,
        "options": [
          "x86_64",
          "aarch64"
        ],
        "default": "x86_64",
        "environment": []
      },
      {
        "name": "builder",
        "type": "string",
        "description": "What builds it: `nix build`, or nixos-generators with its format `iso` (the one in PATH, or else the one of nixpkgs) for flakes whose configurations are made for that.",
        "secret": false,
        "options": [
          "nix",
          "nixos-generators"
        ],
        "default": "nix",
        "environment": []
      },
      {
        "name": "out_link",
        "type": "string",
        "description": "Link to the build, which keeps Nix's garbage collection from removing it. Unless given: `result-<architecture>` in the current folder.",
        "secret": false,
        "environment": []
      },
      {
        "name": "path",
        "type": "string",
        "description": "Copy the ISO here: a file, or a folder (one that is there, or with a slash at the end).",
        "secret": false,
        "environment": []
      },
      {
        "name": "builders",
        "type": "json",
        "description": "Remote builders in place of those of nix.conf, each as a line of /etc/nix/machines. Nix's daemon takes them from trusted users only.",
        "secret": false,
        "environment": []
      },
      {
        "name": "nix_options",
        "type": "json",
        "description": "Options for Nix, name to value.",
        "secret": false,
        "environment": []
      },
      {
        "name": "show_trace",
        "type": "boolean",
        "description": "Have Nix say where in the code an evaluation failed.",
        "secret": false,
        "default": false,
        "environment": []
      }
    ]
  },
  "iso.download": {
    "command": "iso download",
    "title": "Get the installer ISO as a verified local file",
    "summary": "A GitHub release, a URL or a local path to a verified local file.",
    "examples": [
      {
        "title": "the newest release",
        "input": {
          "architecture": "x86_64"
        }
      },
      {
        "title": "a given release for aarch64",
        "input": {
          "architecture": "aarch64",
          "iso_release": "v2.10.0"
        }
      },
      {
        "title": "a URL with its checksum",
        "input": {
          "iso_url": "https://example.org/nixos.iso",
          "iso_checksum": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
        }
      }
    ],
    "secrets": [
      "/github_token"
    ],
    "properties": [
      {
        "name": "iso_path",
        "type": "string",
        "description": "ISO file on this machine.",
        "secret": false,
        "environment": []
      },
      {
        "name": "iso_url",
        "type": "string",
        "description": "URL of an ISO. Used where `iso_path` is not given.",
        "secret": false,
        "environment": []
      },
      {
        "name": "iso_release",
        "type": "string",
        "description": "Release to download: its tag, or `latest`. Used where neither `iso_path` nor `iso_url` is given.",
        "secret": false,
        "default": "latest",
        "environment": []
      },
      {
        "name": "iso_repository",
        "type": "string",
        "description": "GitHub repository whose releases hold the ISOs.",
        "secret": false,
        "default": "AnarchoBooleanism/nixos-cloud-init-installer",
        "environment": []
      },
      {
        "name": "iso_checksum",
        "type": "string",
        "description": "SHA-256 that the ISO must have. Unless given, a release's ISO is verified by the digest that GitHub states, or else by the release's `SHA256SUMS`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "cache_dir",
        "type": "string",
        "description": "Folder for downloads. Unless given: `$XDG_CACHE_HOME/nixos-cloud-init-installer`.",
        "secret": false,
        "environment": [
          "NCI_CACHE_DIR"
        ]
      },
      {
        "name": "github_token",
        "type": "string",
        "description": "Token for GitHub's API: lifts its rate limit and opens private repositories.",
        "secret": true,
        "environment": [
          "GITHUB_TOKEN",
          "GH_TOKEN"
        ]
      },
      {
        "name": "github_api_url",
        "type": "string",
        "description": "GitHub's API; another for GitHub Enterprise.",
        "secret": false,
        "default": "https://api.github.com",
        "environment": [
          "GITHUB_API_URL"
        ]
      },
      {
        "name": "timeout",
        "type": "number",
        "description": "Seconds that the whole step may take.",
        "secret": false,
        "default": 7200,
        "environment": []
      },
      {
        "name": "architecture",
        "type": "string",
        "description": "Architecture of the release's ISO.",
        "secret": false,
        "options": [
          "x86_64",
          "aarch64"
        ],
        "default": "x86_64",
        "environment": []
      }
    ]
  },
  "iso.upload": {
    "command": "iso upload",
    "title": "Put the ISO on a Proxmox storage",
    "summary": "A local ISO to a Proxmox storage; or have Proxmox fetch a URL itself.",
    "examples": [
      {
        "title": "upload to the only node",
        "input": {
          "path": "installer.iso"
        }
      },
      {
        "title": "to a storage that the nodes share",
        "input": {
          "path": "installer.iso",
          "storage": "cephfs"
        }
      },
      {
        "title": "let Proxmox fetch it, and remove older versions",
        "input": {
          "via": "proxmox",
          "url": "https://example.org/installer-v2.10.0-x86_64.iso",
          "checksum": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
          "prune": true,
          "prune_keep": 1
        }
      }
    ],
    "secrets": [
      "/api_password",
      "/api_totp_secret",
      "/api_token_secret"
    ],
    "properties": [
      {
        "name": "api_host",
        "type": "string",
        "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
        "secret": false,
        "environment": [
          "PROXMOX_HOST",
          "PROXMOX_URL",
          "PROXMOX_VE_ENDPOINT"
        ]
      },
      {
        "name": "api_port",
        "type": "integer",
        "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
        "secret": false,
        "environment": [
          "PROXMOX_PORT"
        ]
      },
      {
        "name": "api_user",
        "type": "string",
        "description": "User with realm.",
        "secret": false,
        "environment": [
          "PROXMOX_USER",
          "PROXMOX_VE_USERNAME"
        ]
      },
      {
        "name": "api_password",
        "type": "string",
        "description": "Password of `api_user`. An API token is the better choice.",
        "secret": true,
        "environment": [
          "PROXMOX_PASSWORD",
          "PROXMOX_VE_PASSWORD"
        ]
      },
      {
        "name": "api_totp_secret",
        "type": "string",
        "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
        "secret": true,
        "environment": [
          "PROXMOX_TOTP_SECRET"
        ]
      },
      {
        "name": "api_totp",
        "type": "string",
        "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOTP",
          "PROXMOX_VE_OTP"
        ]
      },
      {
        "name": "api_token_id",
        "type": "string",
        "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOKEN_ID"
        ]
      },
      {
        "name": "api_token_secret",
        "type": "string",
        "description": "Secret of the API token.",
        "secret": true,
        "environment": [
          "PROXMOX_TOKEN_SECRET"
        ]
      },
      {
        "name": "validate_certs",
        "type": "boolean",
        "description": "Verify the server's TLS certificate. Off is reported as a warning.",
        "secret": false,
        "default": true,
        "environment": [
          "PROXMOX_VALIDATE_CERTS",
          "PROXMOX_VERIFY_SSL"
        ]
      },
      {
        "name": "ca_path",
        "type": "string",
        "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
        "secret": false,
        "environment": [
          "PROXMOX_CA_PATH"
        ]
      },
      {
        "name": "api_fingerprint",
        "type": "string",
        "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
        "secret": false,
        "environment": [
          "PROXMOX_FINGERPRINT"
        ]
      },
      {
        "name": "api_timeout",
        "type": "number",
        "description": "Seconds that one API request may go without an answer.",
        "secret": false,
        "default": 30,
        "environment": [
          "PROXMOX_TIMEOUT"
        ]
      },
      {
        "name": "timeout",
        "type": "number",
        "description": "Seconds that the whole step may take.",
        "secret": false,
        "default": 7200,
        "environment": []
      },
      {
        "name": "path",
        "type": "string",
        "description": "ISO file on this machine.",
        "secret": false,
        "environment": []
      },
      {
        "name": "url",
        "type": "string",
        "description": "URL of an ISO, for `via: proxmox`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "via",
        "type": "string",
        "description": "Who sends it: this machine uploads the file, or Proxmox fetches the URL itself.",
        "secret": false,
        "options": [
          "engine",
          "proxmox"
        ],
        "default": "engine",
        "environment": []
      },
      {
        "name": "node",
        "type": "string",
        "description": "Node whose storage it goes to. May be left out where the cluster has one node, or the storage is shared.",
        "secret": false,
        "environment": []
      },
      {
        "name": "storage",
        "type": "string",
        "description": "Storage with content type `iso`.",
        "secret": false,
        "default": "local",
        "environment": []
      },
      {
        "name": "filename",
        "type": "string",
        "description": "Name on the storage. Unless given: the file's own name with the first twelve digits of its SHA-256, so that one name is always one content; and the same file under another name is used where Proxmox can verify it, which leaves a task in its list and is not done in check mode.",
        "secret": false,
        "environment": []
      },
      {
        "name": "checksum",
        "type": "string",
        "description": "SHA-256 of the file; Proxmox verifies it when the file has arrived. Unless given it is computed, which reads the file once more. Needed for `via: proxmox`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "replace",
        "type": "boolean",
        "description": "Overwrite another file of the same name, unless a VM uses it. With `via: proxmox` the old one is removed first, once the URL is known to answer: should the download fail then, neither is there.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "url_validate_certs",
        "type": "boolean",
        "description": "Whether Proxmox verifies the certificate of `url`.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "prune",
        "type": "boolean",
        "description": "Afterwards remove older versions of this ISO from the storage: files of the same name apart from versions and the digest at its end, as in `installer-v2.10.0-x86_64-0123456789ab.iso`. None that a VM of the cluster uses, snapshots and pending changes included; needs VM.Audit on /vms and Datastore.Allocate on the storage, otherwise nothing is removed.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "prune_keep",
        "type": "integer",
        "description": "How many of the older versions `prune` keeps: the newest ones.",
        "secret": false,
        "default": 0,
        "environment": []
      }
    ]
  },
  "vm.create": {
    "command": "vm create",
    "title": "Create the VM",
    "summary": "VM with disks, network cards, installer ISO and cloud-init drive.",
    "examples": [
      {
        "title": "a VM with a static address",
        "input": {
          "name": "web1",
          "iso": "local:iso/nixos.iso",
          "networks": [
            {
              "bridge": "vmbr0",
              "ip": "192.0.2.21/24",
              "gateway": "192.0.2.1"
            }
          ]
        }
      }
    ],
    "secrets": [
      "/api_password",
      "/api_totp_secret",
      "/api_token_secret",
      "/ci_password"
    ],
    "properties": [
      {
        "name": "api_host",
        "type": "string",
        "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
        "secret": false,
        "environment": [
          "PROXMOX_HOST",
          "PROXMOX_URL",
          "PROXMOX_VE_ENDPOINT"
        ]
      },
      {
        "name": "api_port",
        "type": "integer",
        "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
        "secret": false,
        "environment": [
          "PROXMOX_PORT"
        ]
      },
      {
        "name": "api_user",
        "type": "string",
        "description": "User with realm.",
        "secret": false,
        "environment": [
          "PROXMOX_USER",
          "PROXMOX_VE_USERNAME"
        ]
      },
      {
        "name": "api_password",
        "type": "string",
        "description": "Password of `api_user`. An API token is the better choice.",
        "secret": true,
        "environment": [
          "PROXMOX_PASSWORD",
          "PROXMOX_VE_PASSWORD"
        ]
      },
      {
        "name": "api_totp_secret",
        "type": "string",
        "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
        "secret": true,
        "environment": [
          "PROXMOX_TOTP_SECRET"
        ]
      },
      {
        "name": "api_totp",
        "type": "string",
        "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOTP",
          "PROXMOX_VE_OTP"
        ]
      },
      {
        "name": "api_token_id",
        "type": "string",
        "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOKEN_ID"
        ]
      },
      {
        "name": "api_token_secret",
        "type": "string",
        "description": "Secret of the API token.",
        "secret": true,
        "environment": [
          "PROXMOX_TOKEN_SECRET"
        ]
      },
      {
        "name": "validate_certs",
        "type": "boolean",
        "description": "Verify the server's TLS certificate. Off is reported as a warning.",
        "secret": false,
        "default": true,
        "environment": [
          "PROXMOX_VALIDATE_CERTS",
          "PROXMOX_VERIFY_SSL"
        ]
      },
      {
        "name": "ca_path",
        "type": "string",
        "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
        "secret": false,
        "environment": [
          "PROXMOX_CA_PATH"
        ]
      },
      {
        "name": "api_fingerprint",
        "type": "string",
        "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
        "secret": false,
        "environment": [
          "PROXMOX_FINGERPRINT"
        ]
      },
      {
        "name": "api_timeout",
        "type": "number",
        "description": "Seconds that one API request may go without an answer.",
        "secret": false,
        "default": 30,
        "environment": [
          "PROXMOX_TIMEOUT"
        ]
      },
      {
        "name": "name",
        "type": "string",
        "description": "Name of the VM, a DNS name; also the guest's host name while it is the installer.",
        "secret": false,
        "environment": []
      },
      {
        "name": "node",
        "type": "string",
        "description": "Node to create the VM on. May be left out where the cluster has one node.",
        "secret": false,
        "environment": []
      },
      {
        "name": "vmid",
        "type": "integer",
        "description": "Id of the VM. Unless given: the next free one.",
        "secret": false,
        "environment": []
      },
      {
        "name": "vmid_min",
        "type": "integer",
        "description": "Lowest id to choose where `vmid` is not given.",
        "secret": false,
        "environment": []
      },
      {
        "name": "vmid_max",
        "type": "integer",
        "description": "Highest id to choose where `vmid` is not given.",
        "secret": false,
        "environment": []
      },
      {
        "name": "architecture",
        "type": "string",
        "description": "Architecture of the VM and of its installer ISO.",
        "secret": false,
        "options": [
          "x86_64",
          "aarch64"
        ],
        "default": "x86_64",
        "environment": []
      },
      {
        "name": "cores",
        "type": "integer",
        "description": "CPU cores per socket.",
        "secret": false,
        "default": 2,
        "environment": []
      },
      {
        "name": "sockets",
        "type": "integer",
        "description": "CPU sockets.",
        "secret": false,
        "default": 1,
        "environment": []
      },
      {
        "name": "cpu",
        "type": "string",
        "description": "CPU type, as Proxmox writes it. Unless given: `x86-64-v2-AES`, or `host` for aarch64; a node of another architecture cannot do `host`, but `max`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "memory",
        "type": "integer",
        "description": "Memory in MiB. The installer needs about 1,500.",
        "secret": false,
        "default": 2048,
        "environment": []
      },
      {
        "name": "balloon",
        "type": "integer",
        "description": "Least memory in MiB that ballooning leaves; 0 switches ballooning off.",
        "secret": false,
        "environment": []
      },
      {
        "name": "machine",
        "type": "string",
        "description": "Machine type, as Proxmox writes it.",
        "secret": false,
        "environment": []
      },
      {
        "name": "bios",
        "type": "string",
        "description": "Firmware. `ovmf` gets an EFI disk, without Secure Boot keys unless `secure_boot` asks for them. Unless given: `seabios`, or `ovmf` for aarch64.",
        "secret": false,
        "options": [
          "seabios",
          "ovmf"
        ],
        "environment": []
      },
      {
        "name": "secure_boot",
        "type": "boolean",
        "description": "Enrol Microsoft's and the distributions' keys in the EFI disk, which switches Secure Boot on. The installer is not signed and does not start then: only for VMs that boot something else first.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "efi_storage",
        "type": "string",
        "description": "Storage for the EFI disk, where it is not `storage`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "tpm",
        "type": "string",
        "description": "Give the VM a TPM of this version.",
        "secret": false,
        "options": [
          "v2.0",
          "v1.2"
        ],
        "environment": []
      },
      {
        "name": "tpm_storage",
        "type": "string",
        "description": "Storage for the TPM's state, where it is not `storage`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "scsi_controller",
        "type": "string",
        "description": "SCSI controller.",
        "secret": false,
        "options": [
          "virtio-scsi-single",
          "virtio-scsi-pci",
          "lsi",
          "lsi53c810",
          "megasas",
          "pvscsi"
        ],
        "default": "virtio-scsi-single",
        "environment": []
      },
      {
        "name": "os_type",
        "type": "string",
        "description": "Kind of guest system, as Proxmox writes it.",
        "secret": false,
        "default": "l26",
        "environment": []
      },
      {
        "name": "storage",
        "type": "string",
        "description": "Storage for disks, the EFI disk, the TPM's state and the cloud-init drive.",
        "secret": false,
        "default": "local-lvm",
        "environment": []
      },
      {
        "name": "cloud_init_storage",
        "type": "string",
        "description": "Storage for the cloud-init drive, where it is not `storage`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "disks",
        "type": "json",
        "description": "Disks, in order; the first is the one that boots.",
        "secret": false,
        "environment": []
      },
      {
        "name": "networks",
        "type": "json",
        "description": "Network cards, in order: `eth0`, `eth1`, … in the installer.",
        "secret": false,
        "environment": []
      },
      {
        "name": "pool",
        "type": "string",
        "description": "Resource pool to put the VM in.",
        "secret": false,
        "environment": []
      },
      {
        "name": "tags",
        "type": "json",
        "description": "Tags, besides the one that marks VMs of this tool.",
        "secret": false,
        "environment": []
      },
      {
        "name": "description",
        "type": "string",
        "description": "Notes for the VM, in Markdown. A line that marks VMs of this tool is added.",
        "secret": false,
        "environment": []
      },
      {
        "name": "agent",
        "type": "boolean",
        "description": "Whether the VM has the guest agent's device. Host keys are read through it.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "serial_console",
        "type": "boolean",
        "description": "Whether the VM has a serial console (`qm terminal`).",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "vga",
        "type": "string",
        "description": "Display, as Proxmox writes it.",
        "secret": false,
        "environment": []
      },
      {
        "name": "onboot",
        "type": "boolean",
        "description": "Whether the VM starts with its node.",
        "secret": false,
        "environment": []
      },
      {
        "name": "startup",
        "type": "string",
        "description": "Start order, as Proxmox writes it.",
        "secret": false,
        "environment": []
      },
      {
        "name": "options",
        "type": "json",
        "description": "Any other option of Proxmox's VM configuration, as its API takes it.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ci_user",
        "type": "string",
        "description": "User that cloud-init gives the keys to. Unless given: root.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ci_password",
        "type": "string",
        "description": "Password that cloud-init sets. The installer takes logins by key only. Nobody can read it back: a VM that has one keeps it.",
        "secret": true,
        "environment": []
      },
      {
        "name": "ssh_public_keys",
        "type": "json",
        "description": "Public keys that may log in to the installer.",
        "secret": false,
        "environment": []
      },
      {
        "name": "nameservers",
        "type": "json",
        "description": "DNS servers. Unless given, the node's own.",
        "secret": false,
        "environment": []
      },
      {
        "name": "search_domain",
        "type": "string",
        "description": "DNS search domain: one; two break the host name in cloud-init.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ci_upgrade",
        "type": "boolean",
        "description": "Whether cloud-init upgrades packages; NixOS has none.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "ci_type",
        "type": "string",
        "description": "Format of the cloud-init drive. Proxmox chooses `nocloud` for Linux.",
        "secret": false,
        "options": [
          "nocloud",
          "configdrive2"
        ],
        "environment": []
      },
      {
        "name": "ci_custom",
        "type": "string",
        "description": "Files of your own in place of generated ones, as Proxmox's `cicustom`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "timeout",
        "type": "number",
        "description": "Seconds that the whole step may take.",
        "secret": false,
        "default": 3600,
        "environment": []
      },
      {
        "name": "iso",
        "type": "string",
        "description": "Volume id of the installer ISO to put in the VM's drive.",
        "secret": false,
        "environment": []
      },
      {
        "name": "cloud_init",
        "type": "boolean",
        "description": "Whether the VM gets a cloud-init drive.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "reattach",
        "type": "boolean",
        "description": "Put the installer's drives back into a VM of ours that they were detached from.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "boot_iso_first",
        "type": "boolean",
        "description": "Boot the ISO before the first disk. Otherwise the ISO is booted as long as the disk is blank.",
        "secret": false,
        "default": false,
        "environment": []
      }
    ]
  },
  "vm.start": {
    "command": "vm start",
    "title": "Start the VM",
    "summary": "Starts it, where it does not run.",
    "examples": [
      {
        "title": "by id",
        "input": {
          "vmid": 101
        }
      },
      {
        "title": "by name",
        "input": {
          "name": "web1"
        }
      }
    ],
    "secrets": [
      "/api_password",
      "/api_totp_secret",
      "/api_token_secret"
    ],
    "properties": [
      {
        "name": "api_host",
        "type": "string",
        "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
        "secret": false,
        "environment": [
          "PROXMOX_HOST",
          "PROXMOX_URL",
          "PROXMOX_VE_ENDPOINT"
        ]
      },
      {
        "name": "api_port",
        "type": "integer",
        "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
        "secret": false,
        "environment": [
          "PROXMOX_PORT"
        ]
      },
      {
        "name": "api_user",
        "type": "string",
        "description": "User with realm.",
        "secret": false,
        "environment": [
          "PROXMOX_USER",
          "PROXMOX_VE_USERNAME"
        ]
      },
      {
        "name": "api_password",
        "type": "string",
        "description": "Password of `api_user`. An API token is the better choice.",
        "secret": true,
        "environment": [
          "PROXMOX_PASSWORD",
          "PROXMOX_VE_PASSWORD"
        ]
      },
      {
        "name": "api_totp_secret",
        "type": "string",
        "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
        "secret": true,
        "environment": [
          "PROXMOX_TOTP_SECRET"
        ]
      },
      {
        "name": "api_totp",
        "type": "string",
        "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOTP",
          "PROXMOX_VE_OTP"
        ]
      },
      {
        "name": "api_token_id",
        "type": "string",
        "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOKEN_ID"
        ]
      },
      {
        "name": "api_token_secret",
        "type": "string",
        "description": "Secret of the API token.",
        "secret": true,
        "environment": [
          "PROXMOX_TOKEN_SECRET"
        ]
      },
      {
        "name": "validate_certs",
        "type": "boolean",
        "description": "Verify the server's TLS certificate. Off is reported as a warning.",
        "secret": false,
        "default": true,
        "environment": [
          "PROXMOX_VALIDATE_CERTS",
          "PROXMOX_VERIFY_SSL"
        ]
      },
      {
        "name": "ca_path",
        "type": "string",
        "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
        "secret": false,
        "environment": [
          "PROXMOX_CA_PATH"
        ]
      },
      {
        "name": "api_fingerprint",
        "type": "string",
        "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
        "secret": false,
        "environment": [
          "PROXMOX_FINGERPRINT"
        ]
      },
      {
        "name": "api_timeout",
        "type": "number",
        "description": "Seconds that one API request may go without an answer.",
        "secret": false,
        "default": 30,
        "environment": [
          "PROXMOX_TIMEOUT"
        ]
      },
      {
        "name": "vmid",
        "type": "integer",
        "description": "Id of the VM.",
        "secret": false,
        "environment": []
      },
      {
        "name": "name",
        "type": "string",
        "description": "Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit.",
        "secret": false,
        "environment": []
      },
      {
        "name": "node",
        "type": "string",
        "description": "Node that has the VM. Found by asking the cluster unless given.",
        "secret": false,
        "environment": []
      },
      {
        "name": "timeout",
        "type": "number",
        "description": "Seconds that the whole step may take.",
        "secret": false,
        "default": 600,
        "environment": []
      }
    ]
  },
  "ssh.wait": {
    "command": "ssh wait",
    "title": "Wait until the guest can be logged in to",
    "summary": "Finds the address; waits for TCP, banner, host key, key login, the installer itself, and its cloud-init.",
    "examples": [
      {
        "title": "the installer of a VM",
        "input": {
          "vmid": 101
        }
      },
      {
        "title": "a machine by address",
        "input": {
          "ssh_host": "192.0.2.21",
          "expect": "any"
        }
      }
    ],
    "secrets": [
      "/api_password",
      "/api_totp_secret",
      "/api_token_secret",
      "/ssh_private_key",
      "/ssh_private_key_passphrase"
    ],
    "properties": [
      {
        "name": "api_host",
        "type": "string",
        "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
        "secret": false,
        "environment": [
          "PROXMOX_HOST",
          "PROXMOX_URL",
          "PROXMOX_VE_ENDPOINT"
        ]
      },
      {
        "name": "api_port",
        "type": "integer",
        "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
        "secret": false,
        "environment": [
          "PROXMOX_PORT"
        ]
      },
      {
        "name": "api_user",
        "type": "string",
        "description": "User with realm.",
        "secret": false,
        "environment": [
          "PROXMOX_USER",
          "PROXMOX_VE_USERNAME"
        ]
      },
      {
        "name": "api_password",
        "type": "string",
        "description": "Password of `api_user`. An API token is the better choice.",
        "secret": true,
        "environment": [
          "PROXMOX_PASSWORD",
          "PROXMOX_VE_PASSWORD"
        ]
      },
      {
        "name": "api_totp_secret",
        "type": "string",
        "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
        "secret": true,
        "environment": [
          "PROXMOX_TOTP_SECRET"
        ]
      },
      {
        "name": "api_totp",
        "type": "string",
        "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOTP",
          "PROXMOX_VE_OTP"
        ]
      },
      {
        "name": "api_token_id",
        "type": "string",
        "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOKEN_ID"
        ]
      },
      {
        "name": "api_token_secret",
        "type": "string",
        "description": "Secret of the API token.",
        "secret": true,
        "environment": [
          "PROXMOX_TOKEN_SECRET"
        ]
      },
      {
        "name": "validate_certs",
        "type": "boolean",
        "description": "Verify the server's TLS certificate. Off is reported as a warning.",
        "secret": false,
        "default": true,
        "environment": [
          "PROXMOX_VALIDATE_CERTS",
          "PROXMOX_VERIFY_SSL"
        ]
      },
      {
        "name": "ca_path",
        "type": "string",
        "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
        "secret": false,
        "environment": [
          "PROXMOX_CA_PATH"
        ]
      },
      {
        "name": "api_fingerprint",
        "type": "string",
        "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
        "secret": false,
        "environment": [
          "PROXMOX_FINGERPRINT"
        ]
      },
      {
        "name": "api_timeout",
        "type": "number",
        "description": "Seconds that one API request may go without an answer.",
        "secret": false,
        "default": 30,
        "environment": [
          "PROXMOX_TIMEOUT"
        ]
      },
      {
        "name": "vmid",
        "type": "integer",
        "description": "Id of the VM.",
        "secret": false,
        "environment": []
      },
      {
        "name": "name",
        "type": "string",
        "description": "Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit.",
        "secret": false,
        "environment": []
      },
      {
        "name": "node",
        "type": "string",
        "description": "Node that has the VM. Found by asking the cluster unless given.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_host",
        "type": "string",
        "description": "Address to log in to. Unless given: the static address of the first network, else what the guest agent reports.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_port",
        "type": "integer",
        "description": "Port of the guest's SSH server.",
        "secret": false,
        "default": 22,
        "environment": []
      },
      {
        "name": "ssh_user",
        "type": "string",
        "description": "User to log in as.",
        "secret": false,
        "default": "root",
        "environment": []
      },
      {
        "name": "ssh_private_key_file",
        "type": "string",
        "description": "Private key to log in with. Unless given: the first of `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa` that exists. An encrypted one without its passphrase is used through the agent, where that has it.",
        "secret": false,
        "environment": [
          "NCI_SSH_PRIVATE_KEY_FILE"
        ]
      },
      {
        "name": "ssh_private_key",
        "type": "string",
        "description": "Private key to log in with, itself, in place of the file.",
        "secret": true,
        "environment": [
          "NCI_SSH_PRIVATE_KEY"
        ]
      },
      {
        "name": "ssh_private_key_passphrase",
        "type": "string",
        "description": "Passphrase of the private key.",
        "secret": true,
        "environment": [
          "NCI_SSH_PRIVATE_KEY_PASSPHRASE"
        ]
      },
      {
        "name": "ssh_agent",
        "type": "boolean",
        "description": "Whether the keys of the SSH agent (`SSH_AUTH_SOCK`) log in: `true` only they, `false` never; unless given, where there is no key that can be opened.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_generate_key",
        "type": "boolean",
        "description": "Log in to the installer with a key that is made for the run and never written to a file. For `provision`; the installed system knows only the keys of its flake, so without one of them it is proved by its host key alone.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "ssh_host_key",
        "type": "string",
        "description": "Public host key that the guest must show. Unless given it is read through the guest agent, or looked up in `ssh_known_hosts_file`; failing that, the first one seen is trusted, with a warning.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_known_hosts_file",
        "type": "string",
        "description": "File in which the guest's host key is looked up where the guest agent does not tell it.",
        "secret": false,
        "environment": [
          "NCI_SSH_KNOWN_HOSTS_FILE"
        ]
      },
      {
        "name": "ssh_host_key_checking",
        "type": "string",
        "description": "What becomes of a guest whose host key is not known: `strict` refuses it; `accept-new` trusts the first one seen, with a warning. Unless given: as `accept-new`, after waiting longer for the guest agent to tell the key, and no secrets are handed over.",
        "secret": false,
        "options": [
          "strict",
          "accept-new"
        ],
        "environment": [
          "NCI_SSH_HOST_KEY_CHECKING"
        ]
      },
      {
        "name": "ssh_address_map",
        "type": "string",
        "description": "JSON file that says where guests are reached from here, for guests behind port forwards: `{\"192.0.2.7:22\": \"127.0.0.1:2207\"}`; `*` stands for all others. Read at each connection.",
        "secret": false,
        "environment": [
          "NCI_SSH_ADDRESS_MAP"
        ]
      },
      {
        "name": "ssh_proxy_jump",
        "type": "string",
        "description": "Hosts to jump through on the way to the guest, as for OpenSSH's `ProxyJump`: they are logged in to by `ssh` itself, as the user does it, and must do without asking anything. IPv6 addresses go into brackets. `none`: directly, whatever the configuration says. Unless given: as the configuration of OpenSSH says for the guest's address.",
        "secret": false,
        "environment": [
          "NCI_SSH_PROXY_JUMP"
        ]
      },
      {
        "name": "ssh_config_file",
        "type": "string",
        "description": "Configuration of OpenSSH that says how the guest's address is reached (`ProxyJump`, `ProxyCommand`). Unless given: the user's own; `none`: no configuration.",
        "secret": false,
        "environment": [
          "NCI_SSH_CONFIG_FILE"
        ]
      },
      {
        "name": "timeout",
        "type": "number",
        "description": "Seconds that the whole step may take.",
        "secret": false,
        "default": 600,
        "environment": []
      },
      {
        "name": "expect",
        "type": "string",
        "description": "What must answer: the installer, an installed system, or anything.",
        "secret": false,
        "options": [
          "installer",
          "system",
          "any"
        ],
        "default": "installer",
        "environment": []
      },
      {
        "name": "system",
        "type": "string",
        "description": "Store path that `/run/current-system` must be, for `expect: system`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "cloud_init_timeout",
        "type": "number",
        "description": "Seconds that cloud-init of the installer may take after the login; then there is a warning.",
        "secret": false,
        "default": 120,
        "environment": []
      }
    ]
  },
  "nixos.install": {
    "command": "nixos install",
    "title": "Install NixOS with nixos-anywhere",
    "summary": "Runs nixos-anywhere: guarded, bounded, with phases.",
    "examples": [
      {
        "title": "a host of a flake",
        "input": {
          "vmid": 101,
          "flake": ".#web1"
        }
      },
      {
        "title": "wipe and install again",
        "input": {
          "name": "web1",
          "flake": ".#web1",
          "reinstall": true
        }
      }
    ],
    "secrets": [
      "/api_password",
      "/api_totp_secret",
      "/api_token_secret",
      "/ssh_private_key",
      "/ssh_private_key_passphrase"
    ],
    "properties": [
      {
        "name": "api_host",
        "type": "string",
        "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
        "secret": false,
        "environment": [
          "PROXMOX_HOST",
          "PROXMOX_URL",
          "PROXMOX_VE_ENDPOINT"
        ]
      },
      {
        "name": "api_port",
        "type": "integer",
        "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
        "secret": false,
        "environment": [
          "PROXMOX_PORT"
        ]
      },
      {
        "name": "api_user",
        "type": "string",
        "description": "User with realm.",
        "secret": false,
        "environment": [
          "PROXMOX_USER",
          "PROXMOX_VE_USERNAME"
        ]
      },
      {
        "name": "api_password",
        "type": "string",
        "description": "Password of `api_user`. An API token is the better choice.",
        "secret": true,
        "environment": [
          "PROXMOX_PASSWORD",
          "PROXMOX_VE_PASSWORD"
        ]
      },
      {
        "name": "api_totp_secret",
        "type": "string",
        "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
        "secret": true,
        "environment": [
          "PROXMOX_TOTP_SECRET"
        ]
      },
      {
        "name": "api_totp",
        "type": "string",
        "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOTP",
          "PROXMOX_VE_OTP"
        ]
      },
      {
        "name": "api_token_id",
        "type": "string",
        "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOKEN_ID"
        ]
      },
      {
        "name": "api_token_secret",
        "type": "string",
        "description": "Secret of the API token.",
        "secret": true,
        "environment": [
          "PROXMOX_TOKEN_SECRET"
        ]
      },
      {
        "name": "validate_certs",
        "type": "boolean",
        "description": "Verify the server's TLS certificate. Off is reported as a warning.",
        "secret": false,
        "default": true,
        "environment": [
          "PROXMOX_VALIDATE_CERTS",
          "PROXMOX_VERIFY_SSL"
        ]
      },
      {
        "name": "ca_path",
        "type": "string",
        "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
        "secret": false,
        "environment": [
          "PROXMOX_CA_PATH"
        ]
      },
      {
        "name": "api_fingerprint",
        "type": "string",
        "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
        "secret": false,
        "environment": [
          "PROXMOX_FINGERPRINT"
        ]
      },
      {
        "name": "api_timeout",
        "type": "number",
        "description": "Seconds that one API request may go without an answer.",
        "secret": false,
        "default": 30,
        "environment": [
          "PROXMOX_TIMEOUT"
        ]
      },
      {
        "name": "vmid",
        "type": "integer",
        "description": "Id of the VM.",
        "secret": false,
        "environment": []
      },
      {
        "name": "name",
        "type": "string",
        "description": "Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit.",
        "secret": false,
        "environment": []
      },
      {
        "name": "node",
        "type": "string",
        "description": "Node that has the VM. Found by asking the cluster unless given.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_host",
        "type": "string",
        "description": "Address to log in to. Unless given: the static address of the first network, else what the guest agent reports.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_port",
        "type": "integer",
        "description": "Port of the guest's SSH server.",
        "secret": false,
        "default": 22,
        "environment": []
      },
      {
        "name": "ssh_user",
        "type": "string",
        "description": "User to log in as.",
        "secret": false,
        "default": "root",
        "environment": []
      },
      {
        "name": "ssh_private_key_file",
        "type": "string",
        "description": "Private key to log in with. Unless given: the first of `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa` that exists. An encrypted one without its passphrase is used through the agent, where that has it.",
        "secret": false,
        "environment": [
          "NCI_SSH_PRIVATE_KEY_FILE"
        ]
      },
      {
        "name": "ssh_private_key",
        "type": "string",
        "description": "Private key to log in with, itself, in place of the file.",
        "secret": true,
        "environment": [
          "NCI_SSH_PRIVATE_KEY"
        ]
      },
      {
        "name": "ssh_private_key_passphrase",
        "type": "string",
        "description": "Passphrase of the private key.",
        "secret": true,
        "environment": [
          "NCI_SSH_PRIVATE_KEY_PASSPHRASE"
        ]
      },
      {
        "name": "ssh_agent",
        "type": "boolean",
        "description": "Whether the keys of the SSH agent (`SSH_AUTH_SOCK`) log in: `true` only they, `false` never; unless given, where there is no key that can be opened.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_generate_key",
        "type": "boolean",
        "description": "Log in to the installer with a key that is made for the run and never written to a file. For `provision`; the installed system knows only the keys of its flake, so without one of them it is proved by its host key alone.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "ssh_host_key",
        "type": "string",
        "description": "Public host key that the guest must show. Unless given it is read through the guest agent, or looked up in `ssh_known_hosts_file`; failing that, the first one seen is trusted, with a warning.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_known_hosts_file",
        "type": "string",
        "description": "File in which the guest's host key is looked up where the guest agent does not tell it.",
        "secret": false,
        "environment": [
          "NCI_SSH_KNOWN_HOSTS_FILE"
        ]
      },
      {
        "name": "ssh_host_key_checking",
        "type": "string",
        "description": "What becomes of a guest whose host key is not known: `strict` refuses it; `accept-new` trusts the first one seen, with a warning. Unless given: as `accept-new`, after waiting longer for the guest agent to tell the key, and no secrets are handed over.",
        "secret": false,
        "options": [
          "strict",
          "accept-new"
        ],
        "environment": [
          "NCI_SSH_HOST_KEY_CHECKING"
        ]
      },
      {
        "name": "ssh_address_map",
        "type": "string",
        "description": "JSON file that says where guests are reached from here, for guests behind port forwards: `{\"192.0.2.7:22\": \"127.0.0.1:2207\"}`; `*` stands for all others. Read at each connection.",
        "secret": false,
        "environment": [
          "NCI_SSH_ADDRESS_MAP"
        ]
      },
      {
        "name": "ssh_proxy_jump",
        "type": "string",
        "description": "Hosts to jump through on the way to the guest, as for OpenSSH's `ProxyJump`: they are logged in to by `ssh` itself, as the user does it, and must do without asking anything. IPv6 addresses go into brackets. `none`: directly, whatever the configuration says. Unless given: as the configuration of OpenSSH says for the guest's address.",
        "secret": false,
        "environment": [
          "NCI_SSH_PROXY_JUMP"
        ]
      },
      {
        "name": "ssh_config_file",
        "type": "string",
        "description": "Configuration of OpenSSH that says how the guest's address is reached (`ProxyJump`, `ProxyCommand`). Unless given: the user's own; `none`: no configuration.",
        "secret": false,
        "environment": [
          "NCI_SSH_CONFIG_FILE"
        ]
      },
      {
        "name": "flake",
        "type": "string",
        "description": "Flake and attribute of the system: `nixosConfigurations.<attribute>` of the flake is installed.",
        "secret": false,
        "environment": []
      },
      {
        "name": "store_paths",
        "type": "json",
        "description": "The system, already built, in place of `flake`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "build_on",
        "type": "string",
        "description": "Where the system is built: on this machine (and its remote builders), or in the installer. `auto`: on this machine where its Nix can build for the VM's architecture, itself, by emulation or on a remote builder.",
        "secret": false,
        "options": [
          "auto",
          "local",
          "remote"
        ],
        "default": "auto",
        "environment": []
      },
      {
        "name": "disko_mode",
        "type": "string",
        "description": "What disko does with the disks: `disko` wipes, formats and mounts them; `mount` only mounts what is on them, which must be this tool's own work, or `reinstall` set. With `store_paths`: which of disko's scripts that one is.",
        "secret": false,
        "options": [
          "disko",
          "mount"
        ],
        "default": "disko",
        "environment": []
      },
      {
        "name": "no_disko_deps",
        "type": "boolean",
        "description": "Send disko's script without the partitioning tools that it needs: the installer has them. For machines with little memory. Has no effect with `store_paths`.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "generate_hardware_config",
        "type": "json",
        "description": "Look at the machine's hardware first and write what is found to a file of the flake. The system is then built afterwards, and not ahead.",
        "secret": false,
        "environment": []
      },
      {
        "name": "substitute_on_destination",
        "type": "boolean",
        "description": "Let the installer fetch what it can from binary caches, instead of copying all from this machine.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "use_machine_substituters",
        "type": "boolean",
        "description": "Let the installer use the binary caches of the system's configuration too. Has an effect only where the system is not built ahead: `build_on: remote`, `generate_hardware_config`.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "from_store",
        "type": "string",
        "description": "Nix store that the system is copied from, in place of this machine's; nixos-anywhere calls it `--from`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_store_settings",
        "type": "json",
        "description": "Settings of the store in the installer, as Nix sees it through SSH (`nix help-stores`).",
        "secret": false,
        "environment": []
      },
      {
        "name": "print_build_logs",
        "type": "boolean",
        "description": "Print the whole logs of what is built in the installer; what is built on this machine is logged in any case.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "show_trace",
        "type": "boolean",
        "description": "Show the whole trace of a failed evaluation.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "reinstall",
        "type": "boolean",
        "description": "Install although the disks of the machine that runs the installer hold something. This wipes them, unless `disko_mode` is `mount`. Needed for anything that this tool cannot know to be its own unfinished work: after another boot of the installer disks with a system, with other files, encrypted or in a pool; new volumes of thick LVM that show old data. A host that is installed already is left alone all the same.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "extra_files",
        "type": "string",
        "description": "Folder whose content is copied to the new system's root.",
        "secret": false,
        "environment": []
      },
      {
        "name": "chown",
        "type": "json",
        "description": "Owners of files and folders of the new system, recursively; those of `extra_files` are root's otherwise.",
        "secret": false,
        "environment": []
      },
      {
        "name": "disk_encryption_keys",
        "type": "json",
        "description": "Key files for disko, put on the installer before it formats.",
        "secret": false,
        "environment": []
      },
      {
        "name": "generate_host_key",
        "type": "boolean",
        "description": "Make the new system's SSH host key here and ship it, so that the first login to it is verified. Without it, or where `extra_files` has one, that key is kept.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "host_key_file",
        "type": "string",
        "description": "Private ed25519 key, without a passphrase, that becomes the new system's SSH host key, in place of one that is made. For hosts whose secrets are encrypted for a key that is kept elsewhere.",
        "secret": false,
        "environment": []
      },
      {
        "name": "copy_host_keys",
        "type": "boolean",
        "description": "Give the new system the installer's SSH host keys. Needs `generate_host_key: false`.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "age_recipient",
        "type": "boolean",
        "description": "State the age recipient of the new system's SSH host key in the result, for sops.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "ssh_config",
        "type": "boolean",
        "description": "State an entry for ~/.ssh/config in the result.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "nixos_anywhere",
        "type": "string",
        "description": "The nixos-anywhere program. Unless given: from PATH, else `nix run` of the pinned version.",
        "secret": false,
        "environment": [
          "NCI_NIXOS_ANYWHERE"
        ]
      },
      {
        "name": "ssh_options",
        "type": "json",
        "description": "Options for the SSH connections of nixos-anywhere and Nix. Those that say whom to connect to, and how the host is verified, are not among them.",
        "secret": false,
        "environment": []
      },
      {
        "name": "nix_options",
        "type": "json",
        "description": "Options for Nix, name to value.",
        "secret": false,
        "environment": []
      },
      {
        "name": "silence_timeout",
        "type": "number",
        "description": "Seconds that the installation may go without any output.",
        "secret": false,
        "default": 1800,
        "environment": []
      },
      {
        "name": "log_file",
        "type": "string",
        "description": "File that gets everything the installation prints, secrets masked; each run is appended.",
        "secret": false,
        "environment": []
      },
      {
        "name": "system_ssh_user",
        "type": "string",
        "description": "User to log in to the installed system as, where it is not `ssh_user`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "system_ssh_host",
        "type": "string",
        "description": "Address of the installed system, where it is another than the installer's.",
        "secret": false,
        "environment": []
      },
      {
        "name": "boot_timeout",
        "type": "number",
        "description": "Seconds from a start or reboot to the login.",
        "secret": false,
        "default": 600,
        "environment": []
      },
      {
        "name": "timeout",
        "type": "number",
        "description": "Seconds that the whole step may take.",
        "secret": false,
        "default": 7200,
        "environment": []
      },
      {
        "name": "reboot",
        "type": "boolean",
        "description": "Reboot into the new system. Without it the installer stays up, the new system unmounted.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "expected_uuid",
        "type": "string",
        "description": "DMI product UUID the target must have. Read from the VM's configuration unless given.",
        "secret": false,
        "environment": []
      }
    ]
  },
  "vm.detach": {
    "command": "vm detach",
    "title": "Remove ISO and cloud-init drive",
    "summary": "Removes ISO and cloud-init drive, fixes the boot order, proves it.",
    "examples": [
      {
        "title": "stop, detach, start",
        "input": {
          "vmid": 101
        }
      },
      {
        "title": "leave it running",
        "input": {
          "name": "web1",
          "mode": "hot"
        }
      }
    ],
    "secrets": [
      "/api_password",
      "/api_totp_secret",
      "/api_token_secret"
    ],
    "properties": [
      {
        "name": "api_host",
        "type": "string",
        "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
        "secret": false,
        "environment": [
          "PROXMOX_HOST",
          "PROXMOX_URL",
          "PROXMOX_VE_ENDPOINT"
        ]
      },
      {
        "name": "api_port",
        "type": "integer",
        "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
        "secret": false,
        "environment": [
          "PROXMOX_PORT"
        ]
      },
      {
        "name": "api_user",
        "type": "string",
        "description": "User with realm.",
        "secret": false,
        "environment": [
          "PROXMOX_USER",
          "PROXMOX_VE_USERNAME"
        ]
      },
      {
        "name": "api_password",
        "type": "string",
        "description": "Password of `api_user`. An API token is the better choice.",
        "secret": true,
        "environment": [
          "PROXMOX_PASSWORD",
          "PROXMOX_VE_PASSWORD"
        ]
      },
      {
        "name": "api_totp_secret",
        "type": "string",
        "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
        "secret": true,
        "environment": [
          "PROXMOX_TOTP_SECRET"
        ]
      },
      {
        "name": "api_totp",
        "type": "string",
        "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOTP",
          "PROXMOX_VE_OTP"
        ]
      },
      {
        "name": "api_token_id",
        "type": "string",
        "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOKEN_ID"
        ]
      },
      {
        "name": "api_token_secret",
        "type": "string",
        "description": "Secret of the API token.",
        "secret": true,
        "environment": [
          "PROXMOX_TOKEN_SECRET"
        ]
      },
      {
        "name": "validate_certs",
        "type": "boolean",
        "description": "Verify the server's TLS certificate. Off is reported as a warning.",
        "secret": false,
        "default": true,
        "environment": [
          "PROXMOX_VALIDATE_CERTS",
          "PROXMOX_VERIFY_SSL"
        ]
      },
      {
        "name": "ca_path",
        "type": "string",
        "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
        "secret": false,
        "environment": [
          "PROXMOX_CA_PATH"
        ]
      },
      {
        "name": "api_fingerprint",
        "type": "string",
        "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
        "secret": false,
        "environment": [
          "PROXMOX_FINGERPRINT"
        ]
      },
      {
        "name": "api_timeout",
        "type": "number",
        "description": "Seconds that one API request may go without an answer.",
        "secret": false,
        "default": 30,
        "environment": [
          "PROXMOX_TIMEOUT"
        ]
      },
      {
        "name": "vmid",
        "type": "integer",
        "description": "Id of the VM.",
        "secret": false,
        "environment": []
      },
      {
        "name": "name",
        "type": "string",
        "description": "Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit.",
        "secret": false,
        "environment": []
      },
      {
        "name": "node",
        "type": "string",
        "description": "Node that has the VM. Found by asking the cluster unless given.",
        "secret": false,
        "environment": []
      },
      {
        "name": "timeout",
        "type": "number",
        "description": "Seconds that the whole step may take.",
        "secret": false,
        "default": 900,
        "environment": []
      },
      {
        "name": "mode",
        "type": "string",
        "description": "`cold` stops the VM, removes the drives, and starts it again where it ran; `hot` leaves it running and empties them.",
        "secret": false,
        "options": [
          "cold",
          "hot"
        ],
        "default": "cold",
        "environment": []
      },
      {
        "name": "start",
        "type": "boolean",
        "description": "Start the VM afterwards. Unless given: where it ran before.",
        "secret": false,
        "environment": []
      },
      {
        "name": "force",
        "type": "boolean",
        "description": "Also on a VM that this tool did not create.",
        "secret": false,
        "default": false,
        "environment": []
      }
    ]
  },
  "vm.info": {
    "command": "vm info",
    "title": "Read what is known of a VM",
    "summary": "Configuration, pending changes, addresses, ownership. Changes nothing.",
    "examples": [
      {
        "title": "by name",
        "input": {
          "name": "web1"
        }
      }
    ],
    "secrets": [
      "/api_password",
      "/api_totp_secret",
      "/api_token_secret"
    ],
    "properties": [
      {
        "name": "api_host",
        "type": "string",
        "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
        "secret": false,
        "environment": [
          "PROXMOX_HOST",
          "PROXMOX_URL",
          "PROXMOX_VE_ENDPOINT"
        ]
      },
      {
        "name": "api_port",
        "type": "integer",
        "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
        "secret": false,
        "environment": [
          "PROXMOX_PORT"
        ]
      },
      {
        "name": "api_user",
        "type": "string",
        "description": "User with realm.",
        "secret": false,
        "environment": [
          "PROXMOX_USER",
          "PROXMOX_VE_USERNAME"
        ]
      },
      {
        "name": "api_password",
        "type": "string",
        "description": "Password of `api_user`. An API token is the better choice.",
        "secret": true,
        "environment": [
          "PROXMOX_PASSWORD",
          "PROXMOX_VE_PASSWORD"
        ]
      },
      {
        "name": "api_totp_secret",
        "type": "string",
        "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
        "secret": true,
        "environment": [
          "PROXMOX_TOTP_SECRET"
        ]
      },
      {
        "name": "api_totp",
        "type": "string",
        "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOTP",
          "PROXMOX_VE_OTP"
        ]
      },
      {
        "name": "api_token_id",
        "type": "string",
        "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOKEN_ID"
        ]
      },
      {
        "name": "api_token_secret",
        "type": "string",
        "description": "Secret of the API token.",
        "secret": true,
        "environment": [
          "PROXMOX_TOKEN_SECRET"
        ]
      },
      {
        "name": "validate_certs",
        "type": "boolean",
        "description": "Verify the server's TLS certificate. Off is reported as a warning.",
        "secret": false,
        "default": true,
        "environment": [
          "PROXMOX_VALIDATE_CERTS",
          "PROXMOX_VERIFY_SSL"
        ]
      },
      {
        "name": "ca_path",
        "type": "string",
        "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
        "secret": false,
        "environment": [
          "PROXMOX_CA_PATH"
        ]
      },
      {
        "name": "api_fingerprint",
        "type": "string",
        "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
        "secret": false,
        "environment": [
          "PROXMOX_FINGERPRINT"
        ]
      },
      {
        "name": "api_timeout",
        "type": "number",
        "description": "Seconds that one API request may go without an answer.",
        "secret": false,
        "default": 30,
        "environment": [
          "PROXMOX_TIMEOUT"
        ]
      },
      {
        "name": "vmid",
        "type": "integer",
        "description": "Id of the VM.",
        "secret": false,
        "environment": []
      },
      {
        "name": "name",
        "type": "string",
        "description": "Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit.",
        "secret": false,
        "environment": []
      },
      {
        "name": "node",
        "type": "string",
        "description": "Node that has the VM. Found by asking the cluster unless given.",
        "secret": false,
        "environment": []
      },
      {
        "name": "timeout",
        "type": "number",
        "description": "Seconds that the whole step may take.",
        "secret": false,
        "default": 120,
        "environment": []
      }
    ]
  },
  "vm.destroy": {
    "command": "vm destroy",
    "title": "Destroy the VM",
    "summary": "Destroys a VM with its disks: only one that this tool created, unless told otherwise.",
    "examples": [
      {
        "title": "by name",
        "input": {
          "name": "web1"
        }
      }
    ],
    "secrets": [
      "/api_password",
      "/api_totp_secret",
      "/api_token_secret"
    ],
    "properties": [
      {
        "name": "api_host",
        "type": "string",
        "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
        "secret": false,
        "environment": [
          "PROXMOX_HOST",
          "PROXMOX_URL",
          "PROXMOX_VE_ENDPOINT"
        ]
      },
      {
        "name": "api_port",
        "type": "integer",
        "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
        "secret": false,
        "environment": [
          "PROXMOX_PORT"
        ]
      },
      {
        "name": "api_user",
        "type": "string",
        "description": "User with realm.",
        "secret": false,
        "environment": [
          "PROXMOX_USER",
          "PROXMOX_VE_USERNAME"
        ]
      },
      {
        "name": "api_password",
        "type": "string",
        "description": "Password of `api_user`. An API token is the better choice.",
        "secret": true,
        "environment": [
          "PROXMOX_PASSWORD",
          "PROXMOX_VE_PASSWORD"
        ]
      },
      {
        "name": "api_totp_secret",
        "type": "string",
        "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
        "secret": true,
        "environment": [
          "PROXMOX_TOTP_SECRET"
        ]
      },
      {
        "name": "api_totp",
        "type": "string",
        "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOTP",
          "PROXMOX_VE_OTP"
        ]
      },
      {
        "name": "api_token_id",
        "type": "string",
        "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOKEN_ID"
        ]
      },
      {
        "name": "api_token_secret",
        "type": "string",
        "description": "Secret of the API token.",
        "secret": true,
        "environment": [
          "PROXMOX_TOKEN_SECRET"
        ]
      },
      {
        "name": "validate_certs",
        "type": "boolean",
        "description": "Verify the server's TLS certificate. Off is reported as a warning.",
        "secret": false,
        "default": true,
        "environment": [
          "PROXMOX_VALIDATE_CERTS",
          "PROXMOX_VERIFY_SSL"
        ]
      },
      {
        "name": "ca_path",
        "type": "string",
        "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
        "secret": false,
        "environment": [
          "PROXMOX_CA_PATH"
        ]
      },
      {
        "name": "api_fingerprint",
        "type": "string",
        "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
        "secret": false,
        "environment": [
          "PROXMOX_FINGERPRINT"
        ]
      },
      {
        "name": "api_timeout",
        "type": "number",
        "description": "Seconds that one API request may go without an answer.",
        "secret": false,
        "default": 30,
        "environment": [
          "PROXMOX_TIMEOUT"
        ]
      },
      {
        "name": "vmid",
        "type": "integer",
        "description": "Id of the VM.",
        "secret": false,
        "environment": []
      },
      {
        "name": "name",
        "type": "string",
        "description": "Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit.",
        "secret": false,
        "environment": []
      },
      {
        "name": "node",
        "type": "string",
        "description": "Node that has the VM. Found by asking the cluster unless given.",
        "secret": false,
        "environment": []
      },
      {
        "name": "timeout",
        "type": "number",
        "description": "Seconds that the whole step may take.",
        "secret": false,
        "default": 900,
        "environment": []
      },
      {
        "name": "force",
        "type": "boolean",
        "description": "Also a VM that this tool did not create.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "stop",
        "type": "boolean",
        "description": "Stop it first, where it runs.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "expected_uuid",
        "type": "string",
        "description": "DMI product UUID that the VM must have: ids are given anew, UUIDs are not.",
        "secret": false,
        "environment": []
      },
      {
        "name": "unreferenced",
        "type": "boolean",
        "description": "Also destroy volumes on the node's storages that carry the VM's id and that its configuration does not name.",
        "secret": false,
        "default": false,
        "environment": []
      }
    ]
  },
  "provision": {
    "command": "provision",
    "title": "Provision a host, from nothing to NixOS",
    "summary": "All steps for one host: ISO, upload, VM, boot, installation, detach, proof.",
    "examples": [
      {
        "title": "a host, with the defaults for all else",
        "input": {
          "name": "web1",
          "flake": ".#web1"
        }
      }
    ],
    "secrets": [
      "/api_password",
      "/api_totp_secret",
      "/api_token_secret",
      "/github_token",
      "/ci_password",
      "/ssh_private_key",
      "/ssh_private_key_passphrase"
    ],
    "properties": [
      {
        "name": "api_host",
        "type": "string",
        "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
        "secret": false,
        "environment": [
          "PROXMOX_HOST",
          "PROXMOX_URL",
          "PROXMOX_VE_ENDPOINT"
        ]
      },
      {
        "name": "api_port",
        "type": "integer",
        "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
        "secret": false,
        "environment": [
          "PROXMOX_PORT"
        ]
      },
      {
        "name": "api_user",
        "type": "string",
        "description": "User with realm.",
        "secret": false,
        "environment": [
          "PROXMOX_USER",
          "PROXMOX_VE_USERNAME"
        ]
      },
      {
        "name": "api_password",
        "type": "string",
        "description": "Password of `api_user`. An API token is the better choice.",
        "secret": true,
        "environment": [
          "PROXMOX_PASSWORD",
          "PROXMOX_VE_PASSWORD"
        ]
      },
      {
        "name": "api_totp_secret",
        "type": "string",
        "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
        "secret": true,
        "environment": [
          "PROXMOX_TOTP_SECRET"
        ]
      },
      {
        "name": "api_totp",
        "type": "string",
        "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOTP",
          "PROXMOX_VE_OTP"
        ]
      },
      {
        "name": "api_token_id",
        "type": "string",
        "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOKEN_ID"
        ]
      },
      {
        "name": "api_token_secret",
        "type": "string",
        "description": "Secret of the API token.",
        "secret": true,
        "environment": [
          "PROXMOX_TOKEN_SECRET"
        ]
      },
      {
        "name": "validate_certs",
        "type": "boolean",
        "description": "Verify the server's TLS certificate. Off is reported as a warning.",
        "secret": false,
        "default": true,
        "environment": [
          "PROXMOX_VALIDATE_CERTS",
          "PROXMOX_VERIFY_SSL"
        ]
      },
      {
        "name": "ca_path",
        "type": "string",
        "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
        "secret": false,
        "environment": [
          "PROXMOX_CA_PATH"
        ]
      },
      {
        "name": "api_fingerprint",
        "type": "string",
        "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
        "secret": false,
        "environment": [
          "PROXMOX_FINGERPRINT"
        ]
      },
      {
        "name": "api_timeout",
        "type": "number",
        "description": "Seconds that one API request may go without an answer.",
        "secret": false,
        "default": 30,
        "environment": [
          "PROXMOX_TIMEOUT"
        ]
      },
      {
        "name": "iso_path",
        "type": "string",
        "description": "ISO file on this machine.",
        "secret": false,
        "environment": []
      },
      {
        "name": "iso_url",
        "type": "string",
        "description": "URL of an ISO. Used where `iso_path` is not given.",
        "secret": false,
        "environment": []
      },
      {
        "name": "iso_release",
        "type": "string",
        "description": "Release to download: its tag, or `latest`. Used where neither `iso_path` nor `iso_url` is given.",
        "secret": false,
        "default": "latest",
        "environment": []
      },
      {
        "name": "iso_repository",
        "type": "string",
        "description": "GitHub repository whose releases hold the ISOs.",
        "secret": false,
        "default": "AnarchoBooleanism/nixos-cloud-init-installer",
        "environment": []
      },
      {
        "name": "iso_checksum",
        "type": "string",
        "description": "SHA-256 that the ISO must have. Unless given, a release's ISO is verified by the digest that GitHub states, or else by the release's `SHA256SUMS`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "cache_dir",
        "type": "string",
        "description": "Folder for downloads. Unless given: `$XDG_CACHE_HOME/nixos-cloud-init-installer`.",
        "secret": false,
        "environment": [
          "NCI_CACHE_DIR"
        ]
      },
      {
        "name": "github_token",
        "type": "string",
        "description": "Token for GitHub's API: lifts its rate limit and opens private repositories.",
        "secret": true,
        "environment": [
          "GITHUB_TOKEN",
          "GH_TOKEN"
        ]
      },
      {
        "name": "github_api_url",
        "type": "string",
        "description": "GitHub's API; another for GitHub Enterprise.",
        "secret": false,
        "default": "https://api.github.com",
        "environment": [
          "GITHUB_API_URL"
        ]
      },
      {
        "name": "name",
        "type": "string",
        "description": "Name of the VM, a DNS name; also the guest's host name while it is the installer.",
        "secret": false,
        "environment": []
      },
      {
        "name": "node",
        "type": "string",
        "description": "Node to create the VM on. May be left out where the cluster has one node.",
        "secret": false,
        "environment": []
      },
      {
        "name": "vmid",
        "type": "integer",
        "description": "Id of the VM. Unless given: the next free one.",
        "secret": false,
        "environment": []
      },
      {
        "name": "vmid_min",
        "type": "integer",
        "description": "Lowest id to choose where `vmid` is not given.",
        "secret": false,
        "environment": []
      },
      {
        "name": "vmid_max",
        "type": "integer",
        "description": "Highest id to choose where `vmid` is not given.",
        "secret": false,
        "environment": []
      },
      {
        "name": "architecture",
        "type": "string",
        "description": "Architecture of the VM and of its installer ISO.",
        "secret": false,
        "options": [
          "x86_64",
          "aarch64"
        ],
        "default": "x86_64",
        "environment": []
      },
      {
        "name": "cores",
        "type": "integer",
        "description": "CPU cores per socket.",
        "secret": false,
        "default": 2,
        "environment": []
      },
      {
        "name": "sockets",
        "type": "integer",
        "description": "CPU sockets.",
        "secret": false,
        "default": 1,
        "environment": []
      },
      {
        "name": "cpu",
        "type": "string",
        "description": "CPU type, as Proxmox writes it. Unless given: `x86-64-v2-AES`, or `host` for aarch64; a node of another architecture cannot do `host`, but `max`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "memory",
        "type": "integer",
        "description": "Memory in MiB. The installer needs about 1,500.",
        "secret": false,
        "default": 2048,
        "environment": []
      },
      {
        "name": "balloon",
        "type": "integer",
        "description": "Least memory in MiB that ballooning leaves; 0 switches ballooning off.",
        "secret": false,
        "environment": []
      },
      {
        "name": "machine",
        "type": "string",
        "description": "Machine type, as Proxmox writes it.",
        "secret": false,
        "environment": []
      },
      {
        "name": "bios",
        "type": "string",
        "description": "Firmware. `ovmf` gets an EFI disk, without Secure Boot keys unless `secure_boot` asks for them. Unless given: `seabios`, or `ovmf` for aarch64.",
        "secret": false,
        "options": [
          "seabios",
          "ovmf"
        ],
        "environment": []
      },
      {
        "name": "secure_boot",
        "type": "boolean",
        "description": "Enrol Microsoft's and the distributions' keys in the EFI disk, which switches Secure Boot on. The installer is not signed and does not start then: only for VMs that boot something else first.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "efi_storage",
        "type": "string",
        "description": "Storage for the EFI disk, where it is not `storage`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "tpm",
        "type": "string",
        "description": "Give the VM a TPM of this version.",
        "secret": false,
        "options": [
          "v2.0",
          "v1.2"
        ],
        "environment": []
      },
      {
        "name": "tpm_storage",
        "type": "string",
        "description": "Storage for the TPM's state, where it is not `storage`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "scsi_controller",
        "type": "string",
        "description": "SCSI controller.",
        "secret": false,
        "options": [
          "virtio-scsi-single",
          "virtio-scsi-pci",
          "lsi",
          "lsi53c810",
          "megasas",
          "pvscsi"
        ],
        "default": "virtio-scsi-single",
        "environment": []
      },
      {
        "name": "os_type",
        "type": "string",
        "description": "Kind of guest system, as Proxmox writes it.",
        "secret": false,
        "default": "l26",
        "environment": []
      },
      {
        "name": "storage",
        "type": "string",
        "description": "Storage for disks, the EFI disk, the TPM's state and the cloud-init drive.",
        "secret": false,
        "default": "local-lvm",
        "environment": []
      },
      {
        "name": "cloud_init_storage",
        "type": "string",
        "description": "Storage for the cloud-init drive, where it is not `storage`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "disks",
        "type": "json",
        "description": "Disks, in order; the first is the one that boots.",
        "secret": false,
        "environment": []
      },
      {
        "name": "networks",
        "type": "json",
        "description": "Network cards, in order: `eth0`, `eth1`, … in the installer.",
        "secret": false,
        "environment": []
      },
      {
        "name": "pool",
        "type": "string",
        "description": "Resource pool to put the VM in.",
        "secret": false,
        "environment": []
      },
      {
        "name": "tags",
        "type": "json",
        "description": "Tags, besides the one that marks VMs of this tool.",
        "secret": false,
        "environment": []
      },
      {
        "name": "description",
        "type": "string",
        "description": "Notes for the VM, in Markdown. A line that marks VMs of this tool is added.",
        "secret": false,
        "environment": []
      },
      {
        "name": "agent",
        "type": "boolean",
        "description": "Whether the VM has the guest agent's device. Host keys are read through it.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "serial_console",
        "type": "boolean",
        "description": "Whether the VM has a serial console (`qm terminal`).",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "vga",
        "type": "string",
        "description": "Display, as Proxmox writes it.",
        "secret": false,
        "environment": []
      },
      {
        "name": "onboot",
        "type": "boolean",
        "description": "Whether the VM starts with its node.",
        "secret": false,
        "environment": []
      },
      {
        "name": "startup",
        "type": "string",
        "description": "Start order, as Proxmox writes it.",
        "secret": false,
        "environment": []
      },
      {
        "name": "options",
        "type": "json",
        "description": "Any other option of Proxmox's VM configuration, as its API takes it.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ci_user",
        "type": "string",
        "description": "User that cloud-init gives the keys to. Unless given: root.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ci_password",
        "type": "string",
        "description": "Password that cloud-init sets. The installer takes logins by key only. Nobody can read it back: a VM that has one keeps it.",
        "secret": true,
        "environment": []
      },
      {
        "name": "ssh_public_keys",
        "type": "json",
        "description": "Public keys that may log in to the installer.",
        "secret": false,
        "environment": []
      },
      {
        "name": "nameservers",
        "type": "json",
        "description": "DNS servers. Unless given, the node's own.",
        "secret": false,
        "environment": []
      },
      {
        "name": "search_domain",
        "type": "string",
        "description": "DNS search domain: one; two break the host name in cloud-init.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ci_upgrade",
        "type": "boolean",
        "description": "Whether cloud-init upgrades packages; NixOS has none.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "ci_type",
        "type": "string",
        "description": "Format of the cloud-init drive. Proxmox chooses `nocloud` for Linux.",
        "secret": false,
        "options": [
          "nocloud",
          "configdrive2"
        ],
        "environment": []
      },
      {
        "name": "ci_custom",
        "type": "string",
        "description": "Files of your own in place of generated ones, as Proxmox's `cicustom`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_host",
        "type": "string",
        "description": "Address to log in to. Unless given: the static address of the first network, else what the guest agent reports.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_port",
        "type": "integer",
        "description": "Port of the guest's SSH server.",
        "secret": false,
        "default": 22,
        "environment": []
      },
      {
        "name": "ssh_user",
        "type": "string",
        "description": "User to log in as.",
        "secret": false,
        "default": "root",
        "environment": []
      },
      {
        "name": "ssh_private_key_file",
        "type": "string",
        "description": "Private key to log in with. Unless given: the first of `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa` that exists. An encrypted one without its passphrase is used through the agent, where that has it.",
        "secret": false,
        "environment": [
          "NCI_SSH_PRIVATE_KEY_FILE"
        ]
      },
      {
        "name": "ssh_private_key",
        "type": "string",
        "description": "Private key to log in with, itself, in place of the file.",
        "secret": true,
        "environment": [
          "NCI_SSH_PRIVATE_KEY"
        ]
      },
      {
        "name": "ssh_private_key_passphrase",
        "type": "string",
        "description": "Passphrase of the private key.",
        "secret": true,
        "environment": [
          "NCI_SSH_PRIVATE_KEY_PASSPHRASE"
        ]
      },
      {
        "name": "ssh_agent",
        "type": "boolean",
        "description": "Whether the keys of the SSH agent (`SSH_AUTH_SOCK`) log in: `true` only they, `false` never; unless given, where there is no key that can be opened.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_generate_key",
        "type": "boolean",
        "description": "Log in to the installer with a key that is made for the run and never written to a file. For `provision`; the installed system knows only the keys of its flake, so without one of them it is proved by its host key alone.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "ssh_host_key",
        "type": "string",
        "description": "Public host key that the guest must show. Unless given it is read through the guest agent, or looked up in `ssh_known_hosts_file`; failing that, the first one seen is trusted, with a warning.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_known_hosts_file",
        "type": "string",
        "description": "File in which the guest's host key is looked up where the guest agent does not tell it.",
        "secret": false,
        "environment": [
          "NCI_SSH_KNOWN_HOSTS_FILE"
        ]
      },
      {
        "name": "ssh_host_key_checking",
        "type": "string",
        "description": "What becomes of a guest whose host key is not known: `strict` refuses it; `accept-new` trusts the first one seen, with a warning. Unless given: as `accept-new`, after waiting longer for the guest agent to tell the key, and no secrets are handed over.",
        "secret": false,
        "options": [
          "strict",
          "accept-new"
        ],
        "environment": [
          "NCI_SSH_HOST_KEY_CHECKING"
        ]
      },
      {
        "name": "ssh_address_map",
        "type": "string",
        "description": "JSON file that says where guests are reached from here, for guests behind port forwards: `{\"192.0.2.7:22\": \"127.0.0.1:2207\"}`; `*` stands for all others. Read at each connection.",
        "secret": false,
        "environment": [
          "NCI_SSH_ADDRESS_MAP"
        ]
      },
      {
        "name": "ssh_proxy_jump",
        "type": "string",
        "description": "Hosts to jump through on the way to the guest, as for OpenSSH's `ProxyJump`: they are logged in to by `ssh` itself, as the user does it, and must do without asking anything. IPv6 addresses go into brackets. `none`: directly, whatever the configuration says. Unless given: as the configuration of OpenSSH says for the guest's address.",
        "secret": false,
        "environment": [
          "NCI_SSH_PROXY_JUMP"
        ]
      },
      {
        "name": "ssh_config_file",
        "type": "string",
        "description": "Configuration of OpenSSH that says how the guest's address is reached (`ProxyJump`, `ProxyCommand`). Unless given: the user's own; `none`: no configuration.",
        "secret": false,
        "environment": [
          "NCI_SSH_CONFIG_FILE"
        ]
      },
      {
        "name": "flake",
        "type": "string",
        "description": "Flake and attribute of the system: `nixosConfigurations.<attribute>` of the flake is installed.",
        "secret": false,
        "environment": []
      },
      {
        "name": "store_paths",
        "type": "json",
        "description": "The system, already built, in place of `flake`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "build_on",
        "type": "string",
        "description": "Where the system is built: on this machine (and its remote builders), or in the installer. `auto`: on this machine where its Nix can build for the VM's architecture, itself, by emulation or on a remote builder.",
        "secret": false,
        "options": [
          "auto",
          "local",
          "remote"
        ],
        "default": "auto",
        "environment": []
      },
      {
        "name": "disko_mode",
        "type": "string",
        "description": "What disko does with the disks: `disko` wipes, formats and mounts them; `mount` only mounts what is on them, which must be this tool's own work, or `reinstall` set. With `store_paths`: which of disko's scripts that one is.",
        "secret": false,
        "options": [
          "disko",
          "mount"
        ],
        "default": "disko",
        "environment": []
      },
      {
        "name": "no_disko_deps",
        "type": "boolean",
        "description": "Send disko's script without the partitioning tools that it needs: the installer has them. For machines with little memory. Has no effect with `store_paths`.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "generate_hardware_config",
        "type": "json",
        "description": "Look at the machine's hardware first and write what is found to a file of the flake. The system is then built afterwards, and not ahead.",
        "secret": false,
        "environment": []
      },
      {
        "name": "substitute_on_destination",
        "type": "boolean",
        "description": "Let the installer fetch what it can from binary caches, instead of copying all from this machine.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "use_machine_substituters",
        "type": "boolean",
        "description": "Let the installer use the binary caches of the system's configuration too. Has an effect only where the system is not built ahead: `build_on: remote`, `generate_hardware_config`.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "from_store",
        "type": "string",
        "description": "Nix store that the system is copied from, in place of this machine's; nixos-anywhere calls it `--from`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_store_settings",
        "type": "json",
        "description": "Settings of the store in the installer, as Nix sees it through SSH (`nix help-stores`).",
        "secret": false,
        "environment": []
      },
      {
        "name": "print_build_logs",
        "type": "boolean",
        "description": "Print the whole logs of what is built in the installer; what is built on this machine is logged in any case.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "show_trace",
        "type": "boolean",
        "description": "Show the whole trace of a failed evaluation.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "reinstall",
        "type": "boolean",
        "description": "Install although the disks of the machine that runs the installer hold something. This wipes them, unless `disko_mode` is `mount`. Needed for anything that this tool cannot know to be its own unfinished work: after another boot of the installer disks with a system, with other files, encrypted or in a pool; new volumes of thick LVM that show old data. A host that is installed already is left alone all the same.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "extra_files",
        "type": "string",
        "description": "Folder whose content is copied to the new system's root.",
        "secret": false,
        "environment": []
      },
      {
        "name": "chown",
        "type": "json",
        "description": "Owners of files and folders of the new system, recursively; those of `extra_files` are root's otherwise.",
        "secret": false,
        "environment": []
      },
      {
        "name": "disk_encryption_keys",
        "type": "json",
        "description": "Key files for disko, put on the installer before it formats.",
        "secret": false,
        "environment": []
      },
      {
        "name": "generate_host_key",
        "type": "boolean",
        "description": "Make the new system's SSH host key here and ship it, so that the first login to it is verified. Without it, or where `extra_files` has one, that key is kept.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "host_key_file",
        "type": "string",
        "description": "Private ed25519 key, without a passphrase, that becomes the new system's SSH host key, in place of one that is made. For hosts whose secrets are encrypted for a key that is kept elsewhere.",
        "secret": false,
        "environment": []
      },
      {
        "name": "copy_host_keys",
        "type": "boolean",
        "description": "Give the new system the installer's SSH host keys. Needs `generate_host_key: false`.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "age_recipient",
        "type": "boolean",
        "description": "State the age recipient of the new system's SSH host key in the result, for sops.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "ssh_config",
        "type": "boolean",
        "description": "State an entry for ~/.ssh/config in the result.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "nixos_anywhere",
        "type": "string",
        "description": "The nixos-anywhere program. Unless given: from PATH, else `nix run` of the pinned version.",
        "secret": false,
        "environment": [
          "NCI_NIXOS_ANYWHERE"
        ]
      },
      {
        "name": "ssh_options",
        "type": "json",
        "description": "Options for the SSH connections of nixos-anywhere and Nix. Those that say whom to connect to, and how the host is verified, are not among them.",
        "secret": false,
        "environment": []
      },
      {
        "name": "nix_options",
        "type": "json",
        "description": "Options for Nix, name to value.",
        "secret": false,
        "environment": []
      },
      {
        "name": "silence_timeout",
        "type": "number",
        "description": "Seconds that the installation may go without any output.",
        "secret": false,
        "default": 1800,
        "environment": []
      },
      {
        "name": "log_file",
        "type": "string",
        "description": "File that gets everything the installation prints, secrets masked; each run is appended.",
        "secret": false,
        "environment": []
      },
      {
        "name": "system_ssh_user",
        "type": "string",
        "description": "User to log in to the installed system as, where it is not `ssh_user`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "system_ssh_host",
        "type": "string",
        "description": "Address of the installed system, where it is another than the installer's.",
        "secret": false,
        "environment": []
      },
      {
        "name": "boot_timeout",
        "type": "number",
        "description": "Seconds from a start or reboot to the login.",
        "secret": false,
        "default": 600,
        "environment": []
      },
      {
        "name": "iso_storage",
        "type": "string",
        "description": "Storage for the installer ISO.",
        "secret": false,
        "default": "local",
        "environment": []
      },
      {
        "name": "iso",
        "type": "string",
        "description": "Volume id of an installer ISO that is on the storage already, in place of getting one.",
        "secret": false,
        "environment": []
      },
      {
        "name": "install_timeout",
        "type": "number",
        "description": "Seconds that the installation may take.",
        "secret": false,
        "default": 7200,
        "environment": []
      },
      {
        "name": "timeout",
        "type": "number",
        "description": "Seconds that the whole step may take.",
        "secret": false,
        "environment": []
      },
      {
        "name": "detach",
        "type": "string",
        "description": "How ISO and cloud-init drive go: `cold` with the VM off between installer and system, `hot` after the reboot, or `keep`.",
        "secret": false,
        "options": [
          "cold",
          "hot",
          "keep"
        ],
        "default": "cold",
        "environment": []
      },
      {
        "name": "on_failure",
        "type": "string",
        "description": "What becomes of a VM that this run created, when a later step fails.",
        "secret": false,
        "options": [
          "keep",
          "destroy"
        ],
        "default": "keep",
        "environment": []
      }
    ]
  },
  "batch": {
    "command": "provision --inventory",
    "title": "Provision the hosts of an inventory",
    "summary": "All steps for every host of an Ansible inventory: shared work once, many hosts at once.",
    "examples": [
      {
        "title": "every host of an inventory",
        "input": {
          "inventory": "inventory/hosts.yml"
        }
      },
      {
        "title": "one group, at most 10 hosts at once",
        "input": {
          "inventory": "inventory",
          "limit": "web",
          "forks": 10
        }
      }
    ],
    "secrets": [],
    "properties": [
      {
        "name": "inventory",
        "type": "string",
        "description": "Ansible inventory: a file, a folder, a script; several with commas between them.",
        "secret": false,
        "environment": []
      },
      {
        "name": "limit",
        "type": "string",
        "description": "Pattern of the hosts to take, as Ansible has it: `web:!web3`, `db*`, `@retry.txt`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "inventory_reader",
        "type": "string",
        "description": "Who reads it: Ansible, where it is installed, or this program, which knows YAML without templates.",
        "secret": false,
        "options": [
          "auto",
          "ansible",
          "yaml"
        ],
        "default": "auto",
        "environment": []
      },
      {
        "name": "vault_password_file",
        "type": "string",
        "description": "File with the password of vaulted values, or a script that prints it.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ansible_playbook",
        "type": "string",
        "description": "The `ansible-playbook` that reads it; else the one in PATH.",
        "secret": false,
        "environment": []
      },
      {
        "name": "values",
        "type": "json",
        "description": "Values for every host; they win over those of the inventory.",
        "secret": false,
        "environment": []
      },
      {
        "name": "forks",
        "type": "integer",
        "description": "Hosts at once.",
        "secret": false,
        "default": 20,
        "environment": []
      },
      {
        "name": "max_failures",
        "type": "integer",
        "description": "After so many hosts have failed no other is begun; those under way are finished.",
        "secret": false,
        "environment": []
      },
      {
        "name": "host_timeout",
        "type": "number",
        "description": "Seconds that each host may take.",
        "secret": false,
        "environment": []
      },
      {
        "name": "timeout",
        "type": "number",
        "description": "Seconds that the whole step may take.",
        "secret": false,
        "environment": []
      },
      {
        "name": "uploads_per_node",
        "type": "integer",
        "description": "ISO uploads at once to a node.",
        "secret": false,
        "default": 1,
        "environment": []
      },
      {
        "name": "creates_per_storage",
        "type": "integer",
        "description": "VMs that are created at once on a storage.",
        "secret": false,
        "default": 4,
        "environment": []
      },
      {
        "name": "installs",
        "type": "integer",
        "description": "Hosts that are installed at once: each copies its closure from this machine.",
        "secret": false,
        "default": 8,
        "environment": []
      },
      {
        "name": "journal",
        "type": "boolean",
        "description": "Believe the notes of earlier runs of this machine where the cluster's listing agrees with them, and not ask for each VM.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "log_dir",
        "type": "string",
        "description": "Folder for the logs, two for each host: what was done (`HOST.log`), and all that the installation prints (`HOST.install.log`). Unless given, one in the state folder of the user, where logs are kept for 90 days.",
        "secret": false,
        "environment": []
      },
      {
        "name": "report_file",
        "type": "string",
        "description": "File that gets the JSON report.",
        "secret": false,
        "environment": []
      },
      {
        "name": "timeline_file",
        "type": "string",
        "description": "File that gets an HTML page with the timeline of all hosts and steps.",
        "secret": false,
        "environment": []
      }
    ]
  },
  "teardown": {
    "command": "vm destroy --inventory",
    "title": "Destroy the VMs of an inventory's hosts",
    "summary": "Destroy the VMs of an inventory's hosts: only those that this tool created, after a confirmation.",
    "examples": [
      {
        "title": "the VMs of a group, without asking",
        "input": {
          "inventory": "inventory",
          "limit": "test",
          "yes": true
        }
      }
    ],
    "secrets": [],
    "properties": [
      {
        "name": "inventory",
        "type": "string",
        "description": "Ansible inventory: a file, a folder, a script; several with commas between them.",
        "secret": false,
        "environment": []
      },
      {
        "name": "limit",
        "type": "string",
        "description": "Pattern of the hosts to take, as Ansible has it: `web:!web3`, `db*`, `@retry.txt`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "inventory_reader",
        "type": "string",
        "description": "Who reads it: Ansible, where it is installed, or this program, which knows YAML without templates.",
        "secret": false,
        "options": [
          "auto",
          "ansible",
          "yaml"
        ],
        "default": "auto",
        "environment": []
      },
      {
        "name": "vault_password_file",
        "type": "string",
        "description": "File with the password of vaulted values, or a script that prints it.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ansible_playbook",
        "type": "string",
        "description": "The `ansible-playbook` that reads it; else the one in PATH.",
        "secret": false,
        "environment": []
      },
      {
        "name": "values",
        "type": "json",
        "description": "Values for every host; they win over those of the inventory.",
        "secret": false,
        "environment": []
      },
      {
        "name": "forks",
        "type": "integer",
        "description": "Hosts at once.",
        "secret": false,
        "default": 20,
        "environment": []
      },
      {
        "name": "max_failures",
        "type": "integer",
        "description": "After so many hosts have failed no other is begun; those under way are finished.",
        "secret": false,
        "environment": []
      },
      {
        "name": "host_timeout",
        "type": "number",
        "description": "Seconds that each host may take.",
        "secret": false,
        "environment": []
      },
      {
        "name": "timeout",
        "type": "number",
        "description": "Seconds that the whole step may take.",
        "secret": false,
        "environment": []
      },
      {
        "name": "yes",
        "type": "boolean",
        "description": "Do not ask; needed where there is no terminal to ask on.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "stop",
        "type": "boolean",
        "description": "Pull the plug of those that run; else they are left alone.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "unreferenced",
        "type": "boolean",
        "description": "Remove disks of the VMs that their configurations do not name any more as well.",
        "secret": false,
        "default": false,
        "environment": []
      }
    ]
  },
  "inventory": {
    "command": "inventory",
    "title": "What of an inventory would be provisioned",
    "summary": "Print the hosts of an Ansible inventory with the values that they would be provisioned with, secrets masked.",
    "examples": [
      {
        "title": "every host",
        "input": {
          "inventory": "inventory/hosts.yml"
        }
      },
      {
        "title": "one group",
        "input": {
          "inventory": "inventory",
          "limit": "web"
        }
      }
    ],
    "secrets": [],
    "properties": [
      {
        "name": "inventory",
        "type": "string",
        "description": "Ansible inventory: a file, a folder, a script; several with commas between them.",
        "secret": false,
        "environment": []
      },
      {
        "name": "limit",
        "type": "string",
        "description": "Pattern of the hosts to take, as Ansible has it: `web:!web3`, `db*`, `@retry.txt`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "inventory_reader",
        "type": "string",
        "description": "Who reads it: Ansible, where it is installed, or this program, which knows YAML without templates.",
        "secret": false,
        "options": [
          "auto",
          "ansible",
          "yaml"
        ],
        "default": "auto",
        "environment": []
      },
      {
        "name": "vault_password_file",
        "type": "string",
        "description": "File with the password of vaulted values, or a script that prints it.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ansible_playbook",
        "type": "string",
        "description": "The `ansible-playbook` that reads it; else the one in PATH.",
        "secret": false,
        "environment": []
      },
      {
        "name": "values",
        "type": "json",
        "description": "Values for every host; they win over those of the inventory.",
        "secret": false,
        "environment": []
      },
      {
        "name": "timeout",
        "type": "number",
        "description": "Seconds that the whole step may take.",
        "secret": false,
        "environment": []
      }
    ]
  },
  "doctor": {
    "command": "doctor",
    "title": "Find out what stands in the way of provisioning",
    "summary": "Check everything that provisioning needs: Proxmox, privileges, storages, bridges, this machine, the flake. Changes nothing.",
    "examples": [
      {
        "title": "the connection, and what a host with the defaults would need",
        "input": {
          "api_host": "pve.example.org"
        }
      },
      {
        "title": "one host: the document is the one of `nci provision`",
        "input": {
          "name": "web1",
          "node": "pve1",
          "storage": "local-lvm",
          "flake": ".#web1"
        }
      }
    ],
    "secrets": [
      "/api_password",
      "/api_totp_secret",
      "/api_token_secret",
      "/github_token",
      "/ci_password",
      "/ssh_private_key",
      "/ssh_private_key_passphrase"
    ],
    "properties": [
      {
        "name": "api_host",
        "type": "string",
        "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
        "secret": false,
        "environment": [
          "PROXMOX_HOST",
          "PROXMOX_URL",
          "PROXMOX_VE_ENDPOINT"
        ]
      },
      {
        "name": "api_port",
        "type": "integer",
        "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
        "secret": false,
        "environment": [
          "PROXMOX_PORT"
        ]
      },
      {
        "name": "api_user",
        "type": "string",
        "description": "User with realm.",
        "secret": false,
        "environment": [
          "PROXMOX_USER",
          "PROXMOX_VE_USERNAME"
        ]
      },
      {
        "name": "api_password",
        "type": "string",
        "description": "Password of `api_user`. An API token is the better choice.",
        "secret": true,
        "environment": [
          "PROXMOX_PASSWORD",
          "PROXMOX_VE_PASSWORD"
        ]
      },
      {
        "name": "api_totp_secret",
        "type": "string",
        "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
        "secret": true,
        "environment": [
          "PROXMOX_TOTP_SECRET"
        ]
      },
      {
        "name": "api_totp",
        "type": "string",
        "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOTP",
          "PROXMOX_VE_OTP"
        ]
      },
      {
        "name": "api_token_id",
        "type": "string",
        "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
        "secret": false,
        "environment": [
          "PROXMOX_TOKEN_ID"
        ]
      },
      {
        "name": "api_token_secret",
        "type": "string",
        "description": "Secret of the API token.",
        "secret": true,
        "environment": [
          "PROXMOX_TOKEN_SECRET"
        ]
      },
      {
        "name": "validate_certs",
        "type": "boolean",
        "description": "Verify the server's TLS certificate. Off is reported as a warning.",
        "secret": false,
        "default": true,
        "environment": [
          "PROXMOX_VALIDATE_CERTS",
          "PROXMOX_VERIFY_SSL"
        ]
      },
      {
        "name": "ca_path",
        "type": "string",
        "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
        "secret": false,
        "environment": [
          "PROXMOX_CA_PATH"
        ]
      },
      {
        "name": "api_fingerprint",
        "type": "string",
        "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
        "secret": false,
        "environment": [
          "PROXMOX_FINGERPRINT"
        ]
      },
      {
        "name": "api_timeout",
        "type": "number",
        "description": "Seconds that one API request may go without an answer.",
        "secret": false,
        "default": 30,
        "environment": [
          "PROXMOX_TIMEOUT"
        ]
      },
      {
        "name": "iso_path",
        "type": "string",
        "description": "ISO file on this machine.",
        "secret": false,
        "environment": []
      },
      {
        "name": "iso_url",
        "type": "string",
        "description": "URL of an ISO. Used where `iso_path` is not given.",
        "secret": false,
        "environment": []
      },
      {
        "name": "iso_release",
        "type": "string",
        "description": "Release to download: its tag, or `latest`. Used where neither `iso_path` nor `iso_url` is given.",
        "secret": false,
        "default": "latest",
        "environment": []
      },
      {
        "name": "iso_repository",
        "type": "string",
        "description": "GitHub repository whose releases hold the ISOs.",
        "secret": false,
        "default": "AnarchoBooleanism/nixos-cloud-init-installer",
        "environment": []
      },
      {
        "name": "iso_checksum",
        "type": "string",
        "description": "SHA-256 that the ISO must have. Unless given, a release's ISO is verified by the digest that GitHub states, or else by the release's `SHA256SUMS`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "cache_dir",
        "type": "string",
        "description": "Folder for downloads. Unless given: `$XDG_CACHE_HOME/nixos-cloud-init-installer`.",
        "secret": false,
        "environment": [
          "NCI_CACHE_DIR"
        ]
      },
      {
        "name": "github_token",
        "type": "string",
        "description": "Token for GitHub's API: lifts its rate limit and opens private repositories.",
        "secret": true,
        "environment": [
          "GITHUB_TOKEN",
          "GH_TOKEN"
        ]
      },
      {
        "name": "github_api_url",
        "type": "string",
        "description": "GitHub's API; another for GitHub Enterprise.",
        "secret": false,
        "default": "https://api.github.com",
        "environment": [
          "GITHUB_API_URL"
        ]
      },
      {
        "name": "name",
        "type": "string",
        "description": "Name of the VM, a DNS name; also the guest's host name while it is the installer.",
        "secret": false,
        "environment": []
      },
      {
        "name": "node",
        "type": "string",
        "description": "Node to create the VM on. May be left out where the cluster has one node.",
        "secret": false,
        "environment": []
      },
      {
        "name": "vmid",
        "type": "integer",
        "description": "Id of the VM. Unless given: the next free one.",
        "secret": false,
        "environment": []
      },
      {
        "name": "vmid_min",
        "type": "integer",
        "description": "Lowest id to choose where `vmid` is not given.",
        "secret": false,
        "environment": []
      },
      {
        "name": "vmid_max",
        "type": "integer",
        "description": "Highest id to choose where `vmid` is not given.",
        "secret": false,
        "environment": []
      },
      {
        "name": "architecture",
        "type": "string",
        "description": "Architecture of the VM and of its installer ISO.",
        "secret": false,
        "options": [
          "x86_64",
          "aarch64"
        ],
        "default": "x86_64",
        "environment": []
      },
      {
        "name": "cores",
        "type": "integer",
        "description": "CPU cores per socket.",
        "secret": false,
        "default": 2,
        "environment": []
      },
      {
        "name": "sockets",
        "type": "integer",
        "description": "CPU sockets.",
        "secret": false,
        "default": 1,
        "environment": []
      },
      {
        "name": "cpu",
        "type": "string",
        "description": "CPU type, as Proxmox writes it. Unless given: `x86-64-v2-AES`, or `host` for aarch64; a node of another architecture cannot do `host`, but `max`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "memory",
        "type": "integer",
        "description": "Memory in MiB. The installer needs about 1,500.",
        "secret": false,
        "default": 2048,
        "environment": []
      },
      {
        "name": "balloon",
        "type": "integer",
        "description": "Least memory in MiB that ballooning leaves; 0 switches ballooning off.",
        "secret": false,
        "environment": []
      },
      {
        "name": "machine",
        "type": "string",
        "description": "Machine type, as Proxmox writes it.",
        "secret": false,
        "environment": []
      },
      {
        "name": "bios",
        "type": "string",
        "description": "Firmware. `ovmf` gets an EFI disk, without Secure Boot keys unless `secure_boot` asks for them. Unless given: `seabios`, or `ovmf` for aarch64.",
        "secret": false,
        "options": [
          "seabios",
          "ovmf"
        ],
        "environment": []
      },
      {
        "name": "secure_boot",
        "type": "boolean",
        "description": "Enrol Microsoft's and the distributions' keys in the EFI disk, which switches Secure Boot on. The installer is not signed and does not start then: only for VMs that boot something else first.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "efi_storage",
        "type": "string",
        "description": "Storage for the EFI disk, where it is not `storage`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "tpm",
        "type": "string",
        "description": "Give the VM a TPM of this version.",
        "secret": false,
        "options": [
          "v2.0",
          "v1.2"
        ],
        "environment": []
      },
      {
        "name": "tpm_storage",
        "type": "string",
        "description": "Storage for the TPM's state, where it is not `storage`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "scsi_controller",
        "type": "string",
        "description": "SCSI controller.",
        "secret": false,
        "options": [
          "virtio-scsi-single",
          "virtio-scsi-pci",
          "lsi",
          "lsi53c810",
          "megasas",
          "pvscsi"
        ],
        "default": "virtio-scsi-single",
        "environment": []
      },
      {
        "name": "os_type",
        "type": "string",
        "description": "Kind of guest system, as Proxmox writes it.",
        "secret": false,
        "default": "l26",
        "environment": []
      },
      {
        "name": "storage",
        "type": "string",
        "description": "Storage for disks, the EFI disk, the TPM's state and the cloud-init drive.",
        "secret": false,
        "default": "local-lvm",
        "environment": []
      },
      {
        "name": "cloud_init_storage",
        "type": "string",
        "description": "Storage for the cloud-init drive, where it is not `storage`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "disks",
        "type": "json",
        "description": "Disks, in order; the first is the one that boots.",
        "secret": false,
        "environment": []
      },
      {
        "name": "networks",
        "type": "json",
        "description": "Network cards, in order: `eth0`, `eth1`, … in the installer.",
        "secret": false,
        "environment": []
      },
      {
        "name": "pool",
        "type": "string",
        "description": "Resource pool to put the VM in.",
        "secret": false,
        "environment": []
      },
      {
        "name": "tags",
        "type": "json",
        "description": "Tags, besides the one that marks VMs of this tool.",
        "secret": false,
        "environment": []
      },
      {
        "name": "description",
        "type": "string",
        "description": "Notes for the VM, in Markdown. A line that marks VMs of this tool is added.",
        "secret": false,
        "environment": []
      },
      {
        "name": "agent",
        "type": "boolean",
        "description": "Whether the VM has the guest agent's device. Host keys are read through it.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "serial_console",
        "type": "boolean",
        "description": "Whether the VM has a serial console (`qm terminal`).",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "vga",
        "type": "string",
        "description": "Display, as Proxmox writes it.",
        "secret": false,
        "environment": []
      },
      {
        "name": "onboot",
        "type": "boolean",
        "description": "Whether the VM starts with its node.",
        "secret": false,
        "environment": []
      },
      {
        "name": "startup",
        "type": "string",
        "description": "Start order, as Proxmox writes it.",
        "secret": false,
        "environment": []
      },
      {
        "name": "options",
        "type": "json",
        "description": "Any other option of Proxmox's VM configuration, as its API takes it.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ci_user",
        "type": "string",
        "description": "User that cloud-init gives the keys to. Unless given: root.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ci_password",
        "type": "string",
        "description": "Password that cloud-init sets. The installer takes logins by key only. Nobody can read it back: a VM that has one keeps it.",
        "secret": true,
        "environment": []
      },
      {
        "name": "ssh_public_keys",
        "type": "json",
        "description": "Public keys that may log in to the installer.",
        "secret": false,
        "environment": []
      },
      {
        "name": "nameservers",
        "type": "json",
        "description": "DNS servers. Unless given, the node's own.",
        "secret": false,
        "environment": []
      },
      {
        "name": "search_domain",
        "type": "string",
        "description": "DNS search domain: one; two break the host name in cloud-init.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ci_upgrade",
        "type": "boolean",
        "description": "Whether cloud-init upgrades packages; NixOS has none.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "ci_type",
        "type": "string",
        "description": "Format of the cloud-init drive. Proxmox chooses `nocloud` for Linux.",
        "secret": false,
        "options": [
          "nocloud",
          "configdrive2"
        ],
        "environment": []
      },
      {
        "name": "ci_custom",
        "type": "string",
        "description": "Files of your own in place of generated ones, as Proxmox's `cicustom`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_host",
        "type": "string",
        "description": "Address to log in to. Unless given: the static address of the first network, else what the guest agent reports.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_port",
        "type": "integer",
        "description": "Port of the guest's SSH server.",
        "secret": false,
        "default": 22,
        "environment": []
      },
      {
        "name": "ssh_user",
        "type": "string",
        "description": "User to log in as.",
        "secret": false,
        "default": "root",
        "environment": []
      },
      {
        "name": "ssh_private_key_file",
        "type": "string",
        "description": "Private key to log in with. Unless given: the first of `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa` that exists. An encrypted one without its passphrase is used through the agent, where that has it.",
        "secret": false,
        "environment": [
          "NCI_SSH_PRIVATE_KEY_FILE"
        ]
      },
      {
        "name": "ssh_private_key",
        "type": "string",
        "description": "Private key to log in with, itself, in place of the file.",
        "secret": true,
        "environment": [
          "NCI_SSH_PRIVATE_KEY"
        ]
      },
      {
        "name": "ssh_private_key_passphrase",
        "type": "string",
        "description": "Passphrase of the private key.",
        "secret": true,
        "environment": [
          "NCI_SSH_PRIVATE_KEY_PASSPHRASE"
        ]
      },
      {
        "name": "ssh_agent",
        "type": "boolean",
        "description": "Whether the keys of the SSH agent (`SSH_AUTH_SOCK`) log in: `true` only they, `false` never; unless given, where there is no key that can be opened.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_generate_key",
        "type": "boolean",
        "description": "Log in to the installer with a key that is made for the run and never written to a file. For `provision`; the installed system knows only the keys of its flake, so without one of them it is proved by its host key alone.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "ssh_host_key",
        "type": "string",
        "description": "Public host key that the guest must show. Unless given it is read through the guest agent, or looked up in `ssh_known_hosts_file`; failing that, the first one seen is trusted, with a warning.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_known_hosts_file",
        "type": "string",
        "description": "File in which the guest's host key is looked up where the guest agent does not tell it.",
        "secret": false,
        "environment": [
          "NCI_SSH_KNOWN_HOSTS_FILE"
        ]
      },
      {
        "name": "ssh_host_key_checking",
        "type": "string",
        "description": "What becomes of a guest whose host key is not known: `strict` refuses it; `accept-new` trusts the first one seen, with a warning. Unless given: as `accept-new`, after waiting longer for the guest agent to tell the key, and no secrets are handed over.",
        "secret": false,
        "options": [
          "strict",
          "accept-new"
        ],
        "environment": [
          "NCI_SSH_HOST_KEY_CHECKING"
        ]
      },
      {
        "name": "ssh_address_map",
        "type": "string",
        "description": "JSON file that says where guests are reached from here, for guests behind port forwards: `{\"192.0.2.7:22\": \"127.0.0.1:2207\"}`; `*` stands for all others. Read at each connection.",
        "secret": false,
        "environment": [
          "NCI_SSH_ADDRESS_MAP"
        ]
      },
      {
        "name": "ssh_proxy_jump",
        "type": "string",
        "description": "Hosts to jump through on the way to the guest, as for OpenSSH's `ProxyJump`: they are logged in to by `ssh` itself, as the user does it, and must do without asking anything. IPv6 addresses go into brackets. `none`: directly, whatever the configuration says. Unless given: as the configuration of OpenSSH says for the guest's address.",
        "secret": false,
        "environment": [
          "NCI_SSH_PROXY_JUMP"
        ]
      },
      {
        "name": "ssh_config_file",
        "type": "string",
        "description": "Configuration of OpenSSH that says how the guest's address is reached (`ProxyJump`, `ProxyCommand`). Unless given: the user's own; `none`: no configuration.",
        "secret": false,
        "environment": [
          "NCI_SSH_CONFIG_FILE"
        ]
      },
      {
        "name": "flake",
        "type": "string",
        "description": "Flake and attribute of the system: `nixosConfigurations.<attribute>` of the flake is installed.",
        "secret": false,
        "environment": []
      },
      {
        "name": "store_paths",
        "type": "json",
        "description": "The system, already built, in place of `flake`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "build_on",
        "type": "string",
        "description": "Where the system is built: on this machine (and its remote builders), or in the installer. `auto`: on this machine where its Nix can build for the VM's architecture, itself, by emulation or on a remote builder.",
        "secret": false,
        "options": [
          "auto",
          "local",
          "remote"
        ],
        "default": "auto",
        "environment": []
      },
      {
        "name": "disko_mode",
        "type": "string",
        "description": "What disko does with the disks: `disko` wipes, formats and mounts them; `mount` only mounts what is on them, which must be this tool's own work, or `reinstall` set. With `store_paths`: which of disko's scripts that one is.",
        "secret": false,
        "options": [
          "disko",
          "mount"
        ],
        "default": "disko",
        "environment": []
      },
      {
        "name": "no_disko_deps",
        "type": "boolean",
        "description": "Send disko's script without the partitioning tools that it needs: the installer has them. For machines with little memory. Has no effect with `store_paths`.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "generate_hardware_config",
        "type": "json",
        "description": "Look at the machine's hardware first and write what is found to a file of the flake. The system is then built afterwards, and not ahead.",
        "secret": false,
        "environment": []
      },
      {
        "name": "substitute_on_destination",
        "type": "boolean",
        "description": "Let the installer fetch what it can from binary caches, instead of copying all from this machine.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "use_machine_substituters",
        "type": "boolean",
        "description": "Let the installer use the binary caches of the system's configuration too. Has an effect only where the system is not built ahead: `build_on: remote`, `generate_hardware_config`.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "from_store",
        "type": "string",
        "description": "Nix store that the system is copied from, in place of this machine's; nixos-anywhere calls it `--from`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "ssh_store_settings",
        "type": "json",
        "description": "Settings of the store in the installer, as Nix sees it through SSH (`nix help-stores`).",
        "secret": false,
        "environment": []
      },
      {
        "name": "print_build_logs",
        "type": "boolean",
        "description": "Print the whole logs of what is built in the installer; what is built on this machine is logged in any case.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "show_trace",
        "type": "boolean",
        "description": "Show the whole trace of a failed evaluation.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "reinstall",
        "type": "boolean",
        "description": "Install although the disks of the machine that runs the installer hold something. This wipes them, unless `disko_mode` is `mount`. Needed for anything that this tool cannot know to be its own unfinished work: after another boot of the installer disks with a system, with other files, encrypted or in a pool; new volumes of thick LVM that show old data. A host that is installed already is left alone all the same.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "extra_files",
        "type": "string",
        "description": "Folder whose content is copied to the new system's root.",
        "secret": false,
        "environment": []
      },
      {
        "name": "chown",
        "type": "json",
        "description": "Owners of files and folders of the new system, recursively; those of `extra_files` are root's otherwise.",
        "secret": false,
        "environment": []
      },
      {
        "name": "disk_encryption_keys",
        "type": "json",
        "description": "Key files for disko, put on the installer before it formats.",
        "secret": false,
        "environment": []
      },
      {
        "name": "generate_host_key",
        "type": "boolean",
        "description": "Make the new system's SSH host key here and ship it, so that the first login to it is verified. Without it, or where `extra_files` has one, that key is kept.",
        "secret": false,
        "default": true,
        "environment": []
      },
      {
        "name": "host_key_file",
        "type": "string",
        "description": "Private ed25519 key, without a passphrase, that becomes the new system's SSH host key, in place of one that is made. For hosts whose secrets are encrypted for a key that is kept elsewhere.",
        "secret": false,
        "environment": []
      },
      {
        "name": "copy_host_keys",
        "type": "boolean",
        "description": "Give the new system the installer's SSH host keys. Needs `generate_host_key: false`.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "age_recipient",
        "type": "boolean",
        "description": "State the age recipient of the new system's SSH host key in the result, for sops.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "ssh_config",
        "type": "boolean",
        "description": "State an entry for ~/.ssh/config in the result.",
        "secret": false,
        "default": false,
        "environment": []
      },
      {
        "name": "nixos_anywhere",
        "type": "string",
        "description": "The nixos-anywhere program. Unless given: from PATH, else `nix run` of the pinned version.",
        "secret": false,
        "environment": [
          "NCI_NIXOS_ANYWHERE"
        ]
      },
      {
        "name": "ssh_options",
        "type": "json",
        "description": "Options for the SSH connections of nixos-anywhere and Nix. Those that say whom to connect to, and how the host is verified, are not among them.",
        "secret": false,
        "environment": []
      },
      {
        "name": "nix_options",
        "type": "json",
        "description": "Options for Nix, name to value.",
        "secret": false,
        "environment": []
      },
      {
        "name": "silence_timeout",
        "type": "number",
        "description": "Seconds that the installation may go without any output.",
        "secret": false,
        "default": 1800,
        "environment": []
      },
      {
        "name": "log_file",
        "type": "string",
        "description": "File that gets everything the installation prints, secrets masked; each run is appended.",
        "secret": false,
        "environment": []
      },
      {
        "name": "system_ssh_user",
        "type": "string",
        "description": "User to log in to the installed system as, where it is not `ssh_user`.",
        "secret": false,
        "environment": []
      },
      {
        "name": "system_ssh_host",
        "type": "string",
        "description": "Address of the installed system, where it is another than the installer's.",
        "secret": false,
        "environment": []
      },
      {
        "name": "boot_timeout",
        "type": "number",
        "description": "Seconds from a start or reboot to the login.",
        "secret": false,
        "default": 600,
        "environment": []
      },
      {
        "name": "iso_storage",
        "type": "string",
        "description": "Storage for the installer ISO.",
        "secret": false,
        "default": "local",
        "environment": []
      },
      {
        "name": "iso",
        "type": "string",
        "description": "Volume id of an installer ISO that is on the storage already, in place of getting one.",
        "secret": false,
        "environment": []
      },
      {
        "name": "install_timeout",
        "type": "number",
        "description": "Seconds that the installation may take.",
        "secret": false,
        "default": 7200,
        "environment": []
      },
      {
        "name": "detach",
        "type": "string",
        "description": "How ISO and cloud-init drive go: `cold` with the VM off between installer and system, `hot` after the reboot, or `keep`.",
        "secret": false,
        "options": [
          "cold",
          "hot",
          "keep"
        ],
        "default": "cold",
        "environment": []
      },
      {
        "name": "on_failure",
        "type": "string",
        "description": "What becomes of a VM that this run created, when a later step fails.",
        "secret": false,
        "options": [
          "keep",
          "destroy"
        ],
        "default": "keep",
        "environment": []
      },
      {
        "name": "timeout",
        "type": "number",
        "description": "Seconds that the whole step may take.",
        "secret": false,
        "environment": []
      },
      {
        "name": "via",
        "type": "string",
        "description": "How the ISO would get on its storage: this program sends it, or Proxmox fetches a URL itself.",
        "secret": false,
        "options": [
          "engine",
          "proxmox"
        ],
        "default": "engine",
        "environment": []
      }
    ]
  }
}
