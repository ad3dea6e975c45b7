// Generated from schemas/ by `npm run generate`; do not edit.

/** Every schema, whole: what `nci schema` prints. */
export const schemas: Readonly<Record<string, unknown>> = {
 "iso.build": {
  "input": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "Build the installer ISO with Nix",
   "type": "object",
   "x-summary": "Builds the installer ISO from a flake with Nix, for either architecture.",
   "x-order": 5,
   "x-examples": [
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
   "additionalProperties": false,
   "properties": {
    "timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "default": 14400,
     "description": "Seconds that the whole step may take. An emulated build may take hours."
    },
    "flake": {
     "type": "string",
     "pattern": "^[^#\\s]+(#[^#\\s]+)?$",
     "description": "Flake that has the installer, with `#ATTRIBUTE` in place of `attribute` if liked. Unless given: this project's, from the checkout that this program runs in, or else from GitHub.",
     "examples": [
      ".#installer",
      "github:AnarchoBooleanism/nixos-cloud-init-installer"
     ]
    },
    "attribute": {
     "type": "string",
     "pattern": "^[^#\\s]+$",
     "description": "What is built: the name of a `nixosConfigurations` whose `config.system.build.isoImage` it is, or the whole path of a package that holds an ISO. Unless given: the configuration that is called as the architecture.",
     "examples": [
      "x86_64",
      "packages.x86_64-linux.iso-x86_64"
     ]
    },
    "architecture": {
     "type": "string",
     "enum": [
      "x86_64",
      "aarch64"
     ],
     "default": "x86_64",
     "description": "Architecture of the VMs that are to boot from it. It may be another one than this machine's where Nix can build for it: by emulation, which is slow, or on a remote builder."
    },
    "builder": {
     "type": "string",
     "enum": [
      "nix",
      "nixos-generators"
     ],
     "default": "nix",
     "description": "What builds it: `nix build`, or nixos-generators with its format `iso` (the one in PATH, or else the one of nixpkgs) for flakes whose configurations are made for that."
    },
    "out_link": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Link to the build, which keeps Nix's garbage collection from removing it. Unless given: `result-<architecture>` in the current folder.",
     "examples": [
      "result"
     ]
    },
    "path": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Copy the ISO here: a file, or a folder (one that is there, or with a slash at the end).",
     "examples": [
      "images/installer.iso"
     ]
    },
    "builders": {
     "type": "array",
     "items": {
      "type": "string",
      "pattern": "^[^;\\n]+$"
     },
     "description": "Remote builders in place of those of nix.conf, each as a line of /etc/nix/machines. Nix's daemon takes them from trusted users only.",
     "examples": [
      [
       "ssh-ng://builder@arm1.example.org aarch64-linux"
      ]
     ]
    },
    "nix_options": {
     "type": "object",
     "additionalProperties": {
      "type": "string"
     },
     "description": "Options for Nix, name to value.",
     "examples": [
      {
       "cores": "4"
      }
     ]
    },
    "show_trace": {
     "type": "boolean",
     "default": false,
     "description": "Have Nix say where in the code an evaluation failed."
    }
   }
  },
  "output": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "The ISO that was built",
   "type": "object",
   "additionalProperties": false,
   "required": [
    "path",
    "name",
    "size",
    "sha256",
    "architecture",
    "store_path",
    "out_link",
    "installable",
    "emulated",
    "seconds"
   ],
   "properties": {
    "path": {
     "type": "string",
     "description": "Absolute path of the ISO: of the copy where `path` was given, in the Nix store otherwise."
    },
    "name": {
     "type": "string",
     "description": "Its file name."
    },
    "size": {
     "type": "integer",
     "description": "Bytes.",
     "minimum": 0
    },
    "sha256": {
     "type": "string",
     "description": "SHA-256, in hexadecimal.",
     "pattern": "^[0-9a-f]{64}$"
    },
    "architecture": {
     "type": "string",
     "description": "Architecture.",
     "enum": [
      "x86_64",
      "aarch64"
     ]
    },
    "nixos_version": {
     "type": "string",
     "description": "Version of NixOS, where the flake's configuration says it."
    },
    "store_path": {
     "type": "string",
     "description": "What Nix built."
    },
    "out_link": {
     "type": "string",
     "description": "Absolute path of the link that keeps it."
    },
    "installable": {
     "type": "string",
     "description": "What it was built from, as `nix build` takes it."
    },
    "emulated": {
     "type": "boolean",
     "description": "Whether this machine emulated the architecture for the build; false where nothing had to be built."
    },
    "remote_builder": {
     "type": "string",
     "description": "The remote builder that it was left to, where this machine cannot build for the architecture."
    },
    "seconds": {
     "type": "number",
     "description": "How long the build took; 0 where nothing had to be built.",
     "minimum": 0
    }
   }
  }
 },
 "iso.download": {
  "input": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "Get the installer ISO as a verified local file",
   "type": "object",
   "x-summary": "A GitHub release, a URL or a local path to a verified local file.",
   "x-order": 10,
   "x-examples": [
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
   "additionalProperties": false,
   "properties": {
    "iso_path": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "ISO file on this machine."
    },
    "iso_url": {
     "type": "string",
     "pattern": "^https?://",
     "description": "URL of an ISO. Used where `iso_path` is not given.",
     "examples": [
      "https://example.org/nixos.iso"
     ]
    },
    "iso_release": {
     "type": "string",
     "minLength": 1,
     "default": "latest",
     "description": "Release to download: its tag, or `latest`. Used where neither `iso_path` nor `iso_url` is given.",
     "examples": [
      "latest",
      "v2.10.0"
     ]
    },
    "iso_repository": {
     "type": "string",
     "pattern": "^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$",
     "default": "AnarchoBooleanism/nixos-cloud-init-installer",
     "description": "GitHub repository whose releases hold the ISOs."
    },
    "iso_checksum": {
     "type": "string",
     "pattern": "^(sha256:)?[0-9A-Fa-f]{64}$",
     "description": "SHA-256 that the ISO must have. Unless given, a release's ISO is verified by the digest that GitHub states, or else by the release's `SHA256SUMS`.",
     "examples": [
      "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
     ]
    },
    "cache_dir": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Folder for downloads. Unless given: `$XDG_CACHE_HOME/nixos-cloud-init-installer`.",
     "x-env": [
      "NCI_CACHE_DIR"
     ]
    },
    "github_token": {
     "type": "string",
     "minLength": 1,
     "description": "Token for GitHub's API: lifts its rate limit and opens private repositories.",
     "x-secret": true,
     "x-env": [
      "GITHUB_TOKEN",
      "GH_TOKEN"
     ]
    },
    "github_api_url": {
     "type": "string",
     "pattern": "^https?://",
     "default": "https://api.github.com",
     "description": "GitHub's API; another for GitHub Enterprise.",
     "x-env": [
      "GITHUB_API_URL"
     ]
    },
    "timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "default": 7200,
     "description": "Seconds that the whole step may take."
    },
    "architecture": {
     "type": "string",
     "enum": [
      "x86_64",
      "aarch64"
     ],
     "default": "x86_64",
     "description": "Architecture of the release's ISO."
    }
   }
  },
  "output": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "The ISO on this machine",
   "type": "object",
   "additionalProperties": false,
   "required": [
    "path",
    "name",
    "size",
    "sha256",
    "source",
    "verified_by",
    "downloaded"
   ],
   "properties": {
    "path": {
     "type": "string",
     "description": "Absolute path of the file."
    },
    "name": {
     "type": "string",
     "description": "Its name."
    },
    "size": {
     "type": "integer",
     "description": "Bytes.",
     "minimum": 0
    },
    "sha256": {
     "type": "string",
     "description": "SHA-256, in hexadecimal.",
     "pattern": "^[0-9a-f]{64}$"
    },
    "source": {
     "type": "string",
     "description": "What it was taken from.",
     "enum": [
      "release",
      "url",
      "path"
     ]
    },
    "url": {
     "type": "string",
     "description": "Where it was downloaded from."
    },
    "release": {
     "type": "string",
     "description": "The release's tag."
    },
    "architecture": {
     "type": "string",
     "description": "Architecture.",
     "enum": [
      "x86_64",
      "aarch64"
     ]
    },
    "verified_by": {
     "type": "string",
     "description": "What its SHA-256 was compared with.",
     "enum": [
      "github-digest",
      "sha256sums",
      "checksum",
      "nothing"
     ]
    },
    "downloaded": {
     "type": "boolean",
     "description": "Whether this run fetched it, rather than finding it in the cache."
    }
   }
  }
 },
 "iso.upload": {
  "input": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "Put the ISO on a Proxmox storage",
   "type": "object",
   "x-summary": "A local ISO to a Proxmox storage; or have Proxmox fetch a URL itself.",
   "x-order": 20,
   "x-examples": [
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
   "additionalProperties": false,
   "anyOf": [
    {
     "required": [
      "path"
     ]
    },
    {
     "required": [
      "url"
     ]
    }
   ],
   "properties": {
    "api_host": {
     "type": "string",
     "minLength": 1,
     "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
     "examples": [
      "pve.example.org",
      "https://pve.example.org:8006",
      "192.0.2.10",
      "[2001:db8::10]",
      "pve1.example.org,pve2.example.org"
     ],
     "x-env": [
      "PROXMOX_HOST",
      "PROXMOX_URL",
      "PROXMOX_VE_ENDPOINT"
     ]
    },
    "api_port": {
     "type": "integer",
     "minimum": 1,
     "maximum": 65535,
     "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
     "x-env": [
      "PROXMOX_PORT"
     ]
    },
    "api_user": {
     "type": "string",
     "pattern": "^[^\\s:/@]+@[A-Za-z0-9._-]+$",
     "description": "User with realm.",
     "examples": [
      "root@pam",
      "nci@pve"
     ],
     "x-env": [
      "PROXMOX_USER",
      "PROXMOX_VE_USERNAME"
     ]
    },
    "api_password": {
     "type": "string",
     "minLength": 1,
     "description": "Password of `api_user`. An API token is the better choice.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_PASSWORD",
      "PROXMOX_VE_PASSWORD"
     ]
    },
    "api_totp_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOTP_SECRET"
     ]
    },
    "api_totp": {
     "type": "string",
     "pattern": "^[0-9]{6,10}$",
     "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
     "examples": [
      "123456"
     ],
     "x-env": [
      "PROXMOX_TOTP",
      "PROXMOX_VE_OTP"
     ]
    },
    "api_token_id": {
     "type": "string",
     "pattern": "^([^\\s:/@]+@[A-Za-z0-9._-]+!)?[A-Za-z][A-Za-z0-9._-]*$",
     "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
     "examples": [
      "nci",
      "nci@pve!nci"
     ],
     "x-env": [
      "PROXMOX_TOKEN_ID"
     ]
    },
    "api_token_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of the API token.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOKEN_SECRET"
     ]
    },
    "validate_certs": {
     "type": "boolean",
     "default": true,
     "description": "Verify the server's TLS certificate. Off is reported as a warning.",
     "x-env": [
      "PROXMOX_VALIDATE_CERTS",
      "PROXMOX_VERIFY_SSL"
     ]
    },
    "ca_path": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
     "x-env": [
      "PROXMOX_CA_PATH"
     ]
    },
    "api_fingerprint": {
     "type": "string",
     "pattern": "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}([ ,]+([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2})*$",
     "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
     "x-env": [
      "PROXMOX_FINGERPRINT"
     ],
     "examples": [
      "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99"
     ]
    },
    "api_timeout": {
     "type": "number",
     "minimum": 1,
     "maximum": 3600,
     "default": 30,
     "description": "Seconds that one API request may go without an answer.",
     "x-env": [
      "PROXMOX_TIMEOUT"
     ]
    },
    "timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "default": 7200,
     "description": "Seconds that the whole step may take."
    },
    "path": {
     "type": "string",
     "x-path": true,
     "description": "ISO file on this machine.",
     "minLength": 1
    },
    "url": {
     "type": "string",
     "description": "URL of an ISO, for `via: proxmox`.",
     "pattern": "^https?://"
    },
    "via": {
     "type": "string",
     "enum": [
      "engine",
      "proxmox"
     ],
     "default": "engine",
     "description": "Who sends it: this machine uploads the file, or Proxmox fetches the URL itself."
    },
    "node": {
     "type": "string",
     "description": "Node whose storage it goes to. May be left out where the cluster has one node, or the storage is shared.",
     "pattern": "^[A-Za-z0-9][A-Za-z0-9-]*$"
    },
    "storage": {
     "type": "string",
     "description": "Storage with content type `iso`.",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
     "default": "local"
    },
    "filename": {
     "type": "string",
     "description": "Name on the storage. Unless given: the file's own name with the first twelve digits of its SHA-256, so that one name is always one content; and the same file under another name is used where Proxmox can verify it, which leaves a task in its list and is not done in check mode.",
     "pattern": "^[A-Za-z0-9_.-]+\\.(iso|img)$",
     "maxLength": 255,
     "examples": [
      "nixos.iso"
     ]
    },
    "checksum": {
     "type": "string",
     "description": "SHA-256 of the file; Proxmox verifies it when the file has arrived. Unless given it is computed, which reads the file once more. Needed for `via: proxmox`.",
     "pattern": "^(sha256:)?[0-9A-Fa-f]{64}$",
     "examples": [
      "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
     ]
    },
    "replace": {
     "type": "boolean",
     "description": "Overwrite another file of the same name, unless a VM uses it. With `via: proxmox` the old one is removed first, once the URL is known to answer: should the download fail then, neither is there.",
     "default": false
    },
    "url_validate_certs": {
     "type": "boolean",
     "description": "Whether Proxmox verifies the certificate of `url`.",
     "default": true
    },
    "prune": {
     "type": "boolean",
     "description": "Afterwards remove older versions of this ISO from the storage: files of the same name apart from versions and the digest at its end, as in `installer-v2.10.0-x86_64-0123456789ab.iso`. None that a VM of the cluster uses, snapshots and pending changes included; needs VM.Audit on /vms and Datastore.Allocate on the storage, otherwise nothing is removed.",
     "default": false
    },
    "prune_keep": {
     "type": "integer",
     "minimum": 0,
     "description": "How many of the older versions `prune` keeps: the newest ones.",
     "default": 0
    }
   }
  },
  "output": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "The ISO on the storage",
   "type": "object",
   "additionalProperties": false,
   "required": [
    "volid",
    "node",
    "storage",
    "name",
    "size",
    "uploaded"
   ],
   "properties": {
    "volid": {
     "type": "string",
     "description": "Volume id of the ISO; of a file that somebody renamed where that is the same.",
     "examples": [
      "local:iso/nixos-cloud-init-installer-v2.10.0-x86_64.iso"
     ]
    },
    "node": {
     "type": "string",
     "description": "Node whose storage it is on."
    },
    "storage": {
     "type": "string",
     "description": "Storage."
    },
    "name": {
     "type": "string",
     "description": "File name."
    },
    "size": {
     "type": "integer",
     "description": "Bytes.",
     "minimum": 0
    },
    "sha256": {
     "type": "string",
     "description": "SHA-256, in hexadecimal.",
     "pattern": "^[0-9a-f]{64}$"
    },
    "uploaded": {
     "type": "boolean",
     "description": "Whether this run sent it, rather than finding it there."
    },
    "pruned": {
     "type": "array",
     "items": {
      "type": "string"
     },
     "description": "With `prune`: volume ids that were removed."
    },
    "kept": {
     "type": "array",
     "items": {
      "type": "object",
      "additionalProperties": false,
      "required": [
       "volid",
       "reason"
      ],
      "properties": {
       "volid": {
        "type": "string",
        "description": "Volume id."
       },
       "reason": {
        "type": "string",
        "description": "Why it was not removed."
       }
      }
     },
     "description": "With `prune`: other versions that were not removed."
    }
   }
  }
 },
 "vm.create": {
  "input": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "Create the VM",
   "type": "object",
   "x-summary": "VM with disks, network cards, installer ISO and cloud-init drive.",
   "x-order": 30,
   "x-examples": [
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
   "additionalProperties": false,
   "required": [
    "name"
   ],
   "properties": {
    "api_host": {
     "type": "string",
     "minLength": 1,
     "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
     "examples": [
      "pve.example.org",
      "https://pve.example.org:8006",
      "192.0.2.10",
      "[2001:db8::10]",
      "pve1.example.org,pve2.example.org"
     ],
     "x-env": [
      "PROXMOX_HOST",
      "PROXMOX_URL",
      "PROXMOX_VE_ENDPOINT"
     ]
    },
    "api_port": {
     "type": "integer",
     "minimum": 1,
     "maximum": 65535,
     "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
     "x-env": [
      "PROXMOX_PORT"
     ]
    },
    "api_user": {
     "type": "string",
     "pattern": "^[^\\s:/@]+@[A-Za-z0-9._-]+$",
     "description": "User with realm.",
     "examples": [
      "root@pam",
      "nci@pve"
     ],
     "x-env": [
      "PROXMOX_USER",
      "PROXMOX_VE_USERNAME"
     ]
    },
    "api_password": {
     "type": "string",
     "minLength": 1,
     "description": "Password of `api_user`. An API token is the better choice.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_PASSWORD",
      "PROXMOX_VE_PASSWORD"
     ]
    },
    "api_totp_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOTP_SECRET"
     ]
    },
    "api_totp": {
     "type": "string",
     "pattern": "^[0-9]{6,10}$",
     "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
     "examples": [
      "123456"
     ],
     "x-env": [
      "PROXMOX_TOTP",
      "PROXMOX_VE_OTP"
     ]
    },
    "api_token_id": {
     "type": "string",
     "pattern": "^([^\\s:/@]+@[A-Za-z0-9._-]+!)?[A-Za-z][A-Za-z0-9._-]*$",
     "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
     "examples": [
      "nci",
      "nci@pve!nci"
     ],
     "x-env": [
      "PROXMOX_TOKEN_ID"
     ]
    },
    "api_token_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of the API token.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOKEN_SECRET"
     ]
    },
    "validate_certs": {
     "type": "boolean",
     "default": true,
     "description": "Verify the server's TLS certificate. Off is reported as a warning.",
     "x-env": [
      "PROXMOX_VALIDATE_CERTS",
      "PROXMOX_VERIFY_SSL"
     ]
    },
    "ca_path": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
     "x-env": [
      "PROXMOX_CA_PATH"
     ]
    },
    "api_fingerprint": {
     "type": "string",
     "pattern": "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}([ ,]+([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2})*$",
     "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
     "x-env": [
      "PROXMOX_FINGERPRINT"
     ],
     "examples": [
      "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99"
     ]
    },
    "api_timeout": {
     "type": "number",
     "minimum": 1,
     "maximum": 3600,
     "default": 30,
     "description": "Seconds that one API request may go without an answer.",
     "x-env": [
      "PROXMOX_TIMEOUT"
     ]
    },
    "name": {
     "type": "string",
     "pattern": "^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$",
     "maxLength": 253,
     "description": "Name of the VM, a DNS name; also the guest's host name while it is the installer.",
     "examples": [
      "web1",
      "web1.example.org"
     ]
    },
    "node": {
     "type": "string",
     "pattern": "^[A-Za-z0-9][A-Za-z0-9-]*$",
     "description": "Node to create the VM on. May be left out where the cluster has one node.",
     "examples": [
      "pve1"
     ]
    },
    "vmid": {
     "type": "integer",
     "minimum": 100,
     "maximum": 999999999,
     "description": "Id of the VM. Unless given: the next free one."
    },
    "vmid_min": {
     "type": "integer",
     "minimum": 100,
     "maximum": 999999999,
     "description": "Lowest id to choose where `vmid` is not given."
    },
    "vmid_max": {
     "type": "integer",
     "minimum": 100,
     "maximum": 999999999,
     "description": "Highest id to choose where `vmid` is not given."
    },
    "architecture": {
     "type": "string",
     "enum": [
      "x86_64",
      "aarch64"
     ],
     "default": "x86_64",
     "description": "Architecture of the VM and of its installer ISO."
    },
    "cores": {
     "type": "integer",
     "minimum": 1,
     "maximum": 1024,
     "default": 2,
     "description": "CPU cores per socket."
    },
    "sockets": {
     "type": "integer",
     "minimum": 1,
     "maximum": 64,
     "default": 1,
     "description": "CPU sockets."
    },
    "cpu": {
     "type": "string",
     "minLength": 1,
     "description": "CPU type, as Proxmox writes it. Unless given: `x86-64-v2-AES`, or `host` for aarch64; a node of another architecture cannot do `host`, but `max`.",
     "examples": [
      "host",
      "x86-64-v2-AES"
     ]
    },
    "memory": {
     "type": "integer",
     "minimum": 16,
     "maximum": 16777216,
     "default": 2048,
     "description": "Memory in MiB. The installer needs about 1,500."
    },
    "balloon": {
     "type": "integer",
     "minimum": 0,
     "description": "Least memory in MiB that ballooning leaves; 0 switches ballooning off."
    },
    "machine": {
     "type": "string",
     "minLength": 1,
     "description": "Machine type, as Proxmox writes it.",
     "examples": [
      "q35"
     ]
    },
    "bios": {
     "type": "string",
     "enum": [
      "seabios",
      "ovmf"
     ],
     "description": "Firmware. `ovmf` gets an EFI disk, without Secure Boot keys unless `secure_boot` asks for them. Unless given: `seabios`, or `ovmf` for aarch64."
    },
    "secure_boot": {
     "type": "boolean",
     "default": false,
     "description": "Enrol Microsoft's and the distributions' keys in the EFI disk, which switches Secure Boot on. The installer is not signed and does not start then: only for VMs that boot something else first."
    },
    "efi_storage": {
     "type": "string",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
     "description": "Storage for the EFI disk, where it is not `storage`."
    },
    "tpm": {
     "type": "string",
     "enum": [
      "v2.0",
      "v1.2"
     ],
     "description": "Give the VM a TPM of this version."
    },
    "tpm_storage": {
     "type": "string",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
     "description": "Storage for the TPM's state, where it is not `storage`."
    },
    "scsi_controller": {
     "type": "string",
     "enum": [
      "virtio-scsi-single",
      "virtio-scsi-pci",
      "lsi",
      "lsi53c810",
      "megasas",
      "pvscsi"
     ],
     "default": "virtio-scsi-single",
     "description": "SCSI controller."
    },
    "os_type": {
     "type": "string",
     "default": "l26",
     "minLength": 1,
     "description": "Kind of guest system, as Proxmox writes it."
    },
    "storage": {
     "type": "string",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
     "default": "local-lvm",
     "description": "Storage for disks, the EFI disk, the TPM's state and the cloud-init drive.",
     "examples": [
      "local-lvm"
     ]
    },
    "cloud_init_storage": {
     "type": "string",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
     "description": "Storage for the cloud-init drive, where it is not `storage`."
    },
    "disks": {
     "type": "array",
     "maxItems": 16,
     "default": [
      {
       "size": "32G"
      }
     ],
     "description": "Disks, in order; the first is the one that boots.",
     "items": {
      "type": "object",
      "additionalProperties": false,
      "title": "Disk",
      "anyOf": [
       {
        "required": [
         "size"
        ]
       },
       {
        "required": [
         "import_from"
        ]
       }
      ],
      "properties": {
       "size": {
        "type": "string",
        "pattern": "^[1-9][0-9]*(\\.[0-9]+)?[KMGT]$",
        "description": "Size, in powers of 1024. An imported disk has its image's unless a larger one is given.",
        "examples": [
         "32G"
        ]
       },
       "import_from": {
        "type": "string",
        "pattern": "^[A-Za-z][A-Za-z0-9._-]*:[^,\\s]+$",
        "description": "Volume id of an image to fill the disk with, in place of an empty one.",
        "examples": [
         "local:import/data.qcow2"
        ]
       },
       "storage": {
        "type": "string",
        "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
        "description": "Storage, where it is not the VM's `storage`.",
        "examples": [
         "local-lvm"
        ]
       },
       "bus": {
        "type": "string",
        "enum": [
         "scsi",
         "virtio",
         "sata"
        ],
        "default": "scsi",
        "description": "Bus."
       },
       "format": {
        "type": "string",
        "enum": [
         "raw",
         "qcow2",
         "vmdk"
        ],
        "description": "Format of the image, on storages that hold files."
       },
       "discard": {
        "type": "boolean",
        "default": true,
        "description": "Hand discards on to the storage."
       },
       "ssd": {
        "type": "boolean",
        "description": "Present it as a solid-state disk."
       },
       "iothread": {
        "type": "boolean",
        "description": "Give it an I/O thread of its own."
       },
       "cache": {
        "type": "string",
        "enum": [
         "none",
         "writethrough",
         "writeback",
         "unsafe",
         "directsync"
        ],
        "description": "Cache mode."
       },
       "aio": {
        "type": "string",
        "enum": [
         "native",
         "threads",
         "io_uring"
        ],
        "description": "How QEMU does its input and output. Proxmox chooses unless told."
       },
       "backup": {
        "type": "boolean",
        "description": "Whether backups include it."
       },
       "replicate": {
        "type": "boolean",
        "description": "Whether storage replication includes it."
       },
       "serial": {
        "type": "string",
        "pattern": "^[A-Za-z0-9_-]{1,20}$",
        "description": "Serial number that the guest sees."
       }
      }
     }
    },
    "networks": {
     "type": "array",
     "maxItems": 32,
     "default": [
      {
       "bridge": "vmbr0",
       "ip": "dhcp"
      }
     ],
     "description": "Network cards, in order: `eth0`, `eth1`, … in the installer.",
     "items": {
      "type": "object",
      "additionalProperties": false,
      "title": "Network",
      "properties": {
       "bridge": {
        "type": "string",
        "pattern": "^[A-Za-z0-9_.-]{1,63}$",
        "default": "vmbr0",
        "description": "Bridge or SDN vnet of the node.",
        "examples": [
         "vmbr0"
        ]
       },
       "model": {
        "type": "string",
        "enum": [
         "virtio",
         "e1000",
         "e1000e",
         "rtl8139",
         "vmxnet3"
        ],
        "default": "virtio",
        "description": "Model of the card."
       },
       "mac": {
        "type": "string",
        "pattern": "^[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}$",
        "description": "MAC address. Unless given, Proxmox makes one.",
        "examples": [
         "BC:24:11:2C:CE:64"
        ]
       },
       "vlan": {
        "type": "integer",
        "minimum": 1,
        "maximum": 4094,
        "description": "VLAN tag."
       },
       "mtu": {
        "type": "integer",
        "minimum": 1,
        "maximum": 65520,
        "description": "MTU; 1 takes the bridge's."
       },
       "firewall": {
        "type": "boolean",
        "description": "Whether Proxmox's firewall guards it."
       },
       "link_down": {
        "type": "boolean",
        "description": "Whether the card is unplugged."
       },
       "queues": {
        "type": "integer",
        "minimum": 1,
        "maximum": 64,
        "description": "Queues of a virtio card."
       },
       "rate": {
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 1000000,
        "description": "Most that passes through it, in MB a second."
       },
       "trunks": {
        "type": "string",
        "pattern": "^[0-9]{1,4}(-[0-9]{1,4})?(;[0-9]{1,4}(-[0-9]{1,4})?)*$",
        "description": "VLANs that pass through it tagged.",
        "examples": [
         "10;20-30"
        ]
       },
       "ip": {
        "type": "string",
        "pattern": "^(dhcp|([0-9]{1,3}\\.){3}[0-9]{1,3}/([89]|[12][0-9]|3[0-2]))$",
        "description": "IPv4 address of the installer with its prefix length of 8 or more, or `dhcp`.",
        "examples": [
         "192.0.2.21/24",
         "dhcp"
        ]
       },
       "gateway": {
        "type": "string",
        "pattern": "^([0-9]{1,3}\\.){3}[0-9]{1,3}$",
        "description": "IPv4 gateway.",
        "examples": [
         "192.0.2.1"
        ]
       },
       "ip6": {
        "type": "string",
        "pattern": "^(dhcp|auto|[0-9A-Fa-f:.]+/([89]|[1-9][0-9]|1[01][0-9]|12[0-8]))$",
        "description": "IPv6 address of the installer with its prefix length of 8 or more, `dhcp`, or `auto` (SLAAC).",
        "examples": [
         "2001:db8::21/64",
         "auto"
        ]
       },
       "gateway6": {
        "type": "string",
        "pattern": "^[0-9A-Fa-f:.]+$",
        "description": "IPv6 gateway.",
        "examples": [
         "2001:db8::1"
        ]
       }
      }
     }
    },
    "pool": {
     "type": "string",
     "pattern": "^[A-Za-z0-9._/-]+$",
     "description": "Resource pool to put the VM in."
    },
    "tags": {
     "type": "array",
     "items": {
      "type": "string",
      "pattern": "^[A-Za-z0-9_][A-Za-z0-9_+.-]*$"
     },
     "description": "Tags, besides the one that marks VMs of this tool."
    },
    "description": {
     "type": "string",
     "maxLength": 7000,
     "description": "Notes for the VM, in Markdown. A line that marks VMs of this tool is added."
    },
    "agent": {
     "type": "boolean",
     "default": true,
     "description": "Whether the VM has the guest agent's device. Host keys are read through it."
    },
    "serial_console": {
     "type": "boolean",
     "default": true,
     "description": "Whether the VM has a serial console (`qm terminal`)."
    },
    "vga": {
     "type": "string",
     "minLength": 1,
     "description": "Display, as Proxmox writes it.",
     "examples": [
      "std",
      "serial0"
     ]
    },
    "onboot": {
     "type": "boolean",
     "description": "Whether the VM starts with its node."
    },
    "startup": {
     "type": "string",
     "pattern": "^(order=)?[0-9]+(,(up|down)=[0-9]+)*$",
     "description": "Start order, as Proxmox writes it.",
     "examples": [
      "order=2,up=30"
     ]
    },
    "options": {
     "type": "object",
     "additionalProperties": {
      "type": [
       "string",
       "number",
       "boolean"
      ]
     },
     "description": "Any other option of Proxmox's VM configuration, as its API takes it.",
     "examples": [
      {
       "numa": 1,
       "hotplug": "network,disk"
      }
     ]
    },
    "ci_user": {
     "type": "string",
     "pattern": "^[a-z_][a-z0-9_-]*$",
     "description": "User that cloud-init gives the keys to. Unless given: root."
    },
    "ci_password": {
     "type": "string",
     "minLength": 1,
     "description": "Password that cloud-init sets. The installer takes logins by key only. Nobody can read it back: a VM that has one keeps it.",
     "x-secret": true
    },
    "ssh_public_keys": {
     "type": "array",
     "items": {
      "type": "string",
      "pattern": "^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( .*)?$",
      "examples": [
       "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI… me@home"
      ]
     },
     "description": "Public keys that may log in to the installer."
    },
    "nameservers": {
     "type": "array",
     "items": {
      "type": "string",
      "pattern": "^[0-9A-Fa-f:.]+$",
      "examples": [
       "192.0.2.1"
      ]
     },
     "description": "DNS servers. Unless given, the node's own."
    },
    "search_domain": {
     "type": "string",
     "pattern": "^\\S+$",
     "description": "DNS search domain: one; two break the host name in cloud-init."
    },
    "ci_upgrade": {
     "type": "boolean",
     "default": false,
     "description": "Whether cloud-init upgrades packages; NixOS has none."
    },
    "ci_type": {
     "type": "string",
     "enum": [
      "nocloud",
      "configdrive2"
     ],
     "description": "Format of the cloud-init drive. Proxmox chooses `nocloud` for Linux."
    },
    "ci_custom": {
     "type": "string",
     "minLength": 1,
     "description": "Files of your own in place of generated ones, as Proxmox's `cicustom`."
    },
    "timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "default": 3600,
     "description": "Seconds that the whole step may take."
    },
    "iso": {
     "type": "string",
     "description": "Volume id of the installer ISO to put in the VM's drive.",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*:iso/[^\\s/,]+$",
     "examples": [
      "local:iso/nixos.iso"
     ]
    },
    "cloud_init": {
     "type": "boolean",
     "description": "Whether the VM gets a cloud-init drive.",
     "default": true
    },
    "reattach": {
     "type": "boolean",
     "default": false,
     "description": "Put the installer's drives back into a VM of ours that they were detached from."
    },
    "boot_iso_first": {
     "type": "boolean",
     "default": false,
     "description": "Boot the ISO before the first disk. Otherwise the ISO is booted as long as the disk is blank."
    }
   }
  },
  "output": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "The VM",
   "type": "object",
   "additionalProperties": false,
   "required": [
    "vmid",
    "node",
    "name",
    "status",
    "created",
    "macs",
    "pending"
   ],
   "properties": {
    "vmid": {
     "type": "integer",
     "description": "Id of the VM.",
     "minimum": 100,
     "maximum": 999999999
    },
    "node": {
     "type": "string",
     "description": "Node that has the VM."
    },
    "name": {
     "type": "string",
     "description": "Name."
    },
    "uuid": {
     "type": "string",
     "description": "DMI product UUID (`smbios1`)."
    },
    "status": {
     "type": "string",
     "description": "Whether it runs.",
     "enum": [
      "running",
      "stopped"
     ]
    },
    "created": {
     "type": "boolean",
     "description": "Whether this run created it."
    },
    "macs": {
     "type": "array",
     "items": {
      "type": "string",
      "description": "MAC address."
     },
     "description": "MAC addresses of its network cards, in order."
    },
    "pending": {
     "type": "array",
     "items": {
      "type": "string",
      "description": "Configuration key."
     },
     "description": "Settings that take effect at the next start."
    }
   }
  }
 },
 "vm.start": {
  "input": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "Start the VM",
   "type": "object",
   "x-summary": "Starts it, where it does not run.",
   "x-order": 40,
   "x-examples": [
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
   "additionalProperties": false,
   "anyOf": [
    {
     "required": [
      "vmid"
     ]
    },
    {
     "required": [
      "name"
     ]
    }
   ],
   "properties": {
    "api_host": {
     "type": "string",
     "minLength": 1,
     "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
     "examples": [
      "pve.example.org",
      "https://pve.example.org:8006",
      "192.0.2.10",
      "[2001:db8::10]",
      "pve1.example.org,pve2.example.org"
     ],
     "x-env": [
      "PROXMOX_HOST",
      "PROXMOX_URL",
      "PROXMOX_VE_ENDPOINT"
     ]
    },
    "api_port": {
     "type": "integer",
     "minimum": 1,
     "maximum": 65535,
     "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
     "x-env": [
      "PROXMOX_PORT"
     ]
    },
    "api_user": {
     "type": "string",
     "pattern": "^[^\\s:/@]+@[A-Za-z0-9._-]+$",
     "description": "User with realm.",
     "examples": [
      "root@pam",
      "nci@pve"
     ],
     "x-env": [
      "PROXMOX_USER",
      "PROXMOX_VE_USERNAME"
     ]
    },
    "api_password": {
     "type": "string",
     "minLength": 1,
     "description": "Password of `api_user`. An API token is the better choice.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_PASSWORD",
      "PROXMOX_VE_PASSWORD"
     ]
    },
    "api_totp_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOTP_SECRET"
     ]
    },
    "api_totp": {
     "type": "string",
     "pattern": "^[0-9]{6,10}$",
     "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
     "examples": [
      "123456"
     ],
     "x-env": [
      "PROXMOX_TOTP",
      "PROXMOX_VE_OTP"
     ]
    },
    "api_token_id": {
     "type": "string",
     "pattern": "^([^\\s:/@]+@[A-Za-z0-9._-]+!)?[A-Za-z][A-Za-z0-9._-]*$",
     "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
     "examples": [
      "nci",
      "nci@pve!nci"
     ],
     "x-env": [
      "PROXMOX_TOKEN_ID"
     ]
    },
    "api_token_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of the API token.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOKEN_SECRET"
     ]
    },
    "validate_certs": {
     "type": "boolean",
     "default": true,
     "description": "Verify the server's TLS certificate. Off is reported as a warning.",
     "x-env": [
      "PROXMOX_VALIDATE_CERTS",
      "PROXMOX_VERIFY_SSL"
     ]
    },
    "ca_path": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
     "x-env": [
      "PROXMOX_CA_PATH"
     ]
    },
    "api_fingerprint": {
     "type": "string",
     "pattern": "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}([ ,]+([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2})*$",
     "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
     "x-env": [
      "PROXMOX_FINGERPRINT"
     ],
     "examples": [
      "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99"
     ]
    },
    "api_timeout": {
     "type": "number",
     "minimum": 1,
     "maximum": 3600,
     "default": 30,
     "description": "Seconds that one API request may go without an answer.",
     "x-env": [
      "PROXMOX_TIMEOUT"
     ]
    },
    "vmid": {
     "type": "integer",
     "minimum": 100,
     "maximum": 999999999,
     "description": "Id of the VM.",
     "x-env": []
    },
    "name": {
     "type": "string",
     "minLength": 1,
     "maxLength": 253,
     "description": "Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit."
    },
    "node": {
     "type": "string",
     "pattern": "^[A-Za-z0-9][A-Za-z0-9-]*$",
     "description": "Node that has the VM. Found by asking the cluster unless given."
    },
    "timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "default": 600,
     "description": "Seconds that the whole step may take."
    }
   }
  },
  "output": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "The VM",
   "type": "object",
   "additionalProperties": false,
   "required": [
    "vmid",
    "node",
    "status"
   ],
   "properties": {
    "vmid": {
     "type": "integer",
     "description": "Id of the VM.",
     "minimum": 100,
     "maximum": 999999999
    },
    "node": {
     "type": "string",
     "description": "Node that has the VM."
    },
    "name": {
     "type": "string",
     "description": "Name."
    },
    "status": {
     "type": "string",
     "description": "Whether it runs.",
     "enum": [
      "running",
      "stopped"
     ]
    }
   }
  }
 },
 "ssh.wait": {
  "input": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "Wait until the guest can be logged in to",
   "type": "object",
   "x-summary": "Finds the address; waits for TCP, banner, host key, key login, the installer itself, and its cloud-init.",
   "x-order": 50,
   "x-examples": [
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
   "additionalProperties": false,
   "anyOf": [
    {
     "required": [
      "vmid"
     ]
    },
    {
     "required": [
      "name"
     ]
    },
    {
     "required": [
      "ssh_host"
     ]
    }
   ],
   "properties": {
    "api_host": {
     "type": "string",
     "minLength": 1,
     "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
     "examples": [
      "pve.example.org",
      "https://pve.example.org:8006",
      "192.0.2.10",
      "[2001:db8::10]",
      "pve1.example.org,pve2.example.org"
     ],
     "x-env": [
      "PROXMOX_HOST",
      "PROXMOX_URL",
      "PROXMOX_VE_ENDPOINT"
     ]
    },
    "api_port": {
     "type": "integer",
     "minimum": 1,
     "maximum": 65535,
     "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
     "x-env": [
      "PROXMOX_PORT"
     ]
    },
    "api_user": {
     "type": "string",
     "pattern": "^[^\\s:/@]+@[A-Za-z0-9._-]+$",
     "description": "User with realm.",
     "examples": [
      "root@pam",
      "nci@pve"
     ],
     "x-env": [
      "PROXMOX_USER",
      "PROXMOX_VE_USERNAME"
     ]
    },
    "api_password": {
     "type": "string",
     "minLength": 1,
     "description": "Password of `api_user`. An API token is the better choice.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_PASSWORD",
      "PROXMOX_VE_PASSWORD"
     ]
    },
    "api_totp_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOTP_SECRET"
     ]
    },
    "api_totp": {
     "type": "string",
     "pattern": "^[0-9]{6,10}$",
     "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
     "examples": [
      "123456"
     ],
     "x-env": [
      "PROXMOX_TOTP",
      "PROXMOX_VE_OTP"
     ]
    },
    "api_token_id": {
     "type": "string",
     "pattern": "^([^\\s:/@]+@[A-Za-z0-9._-]+!)?[A-Za-z][A-Za-z0-9._-]*$",
     "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
     "examples": [
      "nci",
      "nci@pve!nci"
     ],
     "x-env": [
      "PROXMOX_TOKEN_ID"
     ]
    },
    "api_token_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of the API token.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOKEN_SECRET"
     ]
    },
    "validate_certs": {
     "type": "boolean",
     "default": true,
     "description": "Verify the server's TLS certificate. Off is reported as a warning.",
     "x-env": [
      "PROXMOX_VALIDATE_CERTS",
      "PROXMOX_VERIFY_SSL"
     ]
    },
    "ca_path": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
     "x-env": [
      "PROXMOX_CA_PATH"
     ]
    },
    "api_fingerprint": {
     "type": "string",
     "pattern": "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}([ ,]+([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2})*$",
     "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
     "x-env": [
      "PROXMOX_FINGERPRINT"
     ],
     "examples": [
      "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99"
     ]
    },
    "api_timeout": {
     "type": "number",
     "minimum": 1,
     "maximum": 3600,
     "default": 30,
     "description": "Seconds that one API request may go without an answer.",
     "x-env": [
      "PROXMOX_TIMEOUT"
     ]
    },
    "vmid": {
     "type": "integer",
     "minimum": 100,
     "maximum": 999999999,
     "description": "Id of the VM.",
     "x-env": []
    },
    "name": {
     "type": "string",
     "minLength": 1,
     "maxLength": 253,
     "description": "Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit."
    },
    "node": {
     "type": "string",
     "pattern": "^[A-Za-z0-9][A-Za-z0-9-]*$",
     "description": "Node that has the VM. Found by asking the cluster unless given."
    },
    "ssh_host": {
     "type": "string",
     "minLength": 1,
     "description": "Address to log in to. Unless given: the static address of the first network, else what the guest agent reports."
    },
    "ssh_port": {
     "type": "integer",
     "minimum": 1,
     "maximum": 65535,
     "default": 22,
     "description": "Port of the guest's SSH server."
    },
    "ssh_user": {
     "type": "string",
     "pattern": "^[a-z_][a-z0-9_-]*$",
     "default": "root",
     "description": "User to log in as."
    },
    "ssh_private_key_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Private key to log in with. Unless given: the first of `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa` that exists. An encrypted one without its passphrase is used through the agent, where that has it.",
     "x-env": [
      "NCI_SSH_PRIVATE_KEY_FILE"
     ]
    },
    "ssh_private_key": {
     "type": "string",
     "minLength": 1,
     "description": "Private key to log in with, itself, in place of the file.",
     "x-secret": true,
     "x-env": [
      "NCI_SSH_PRIVATE_KEY"
     ]
    },
    "ssh_private_key_passphrase": {
     "type": "string",
     "minLength": 1,
     "description": "Passphrase of the private key.",
     "x-secret": true,
     "x-env": [
      "NCI_SSH_PRIVATE_KEY_PASSPHRASE"
     ]
    },
    "ssh_agent": {
     "type": "boolean",
     "description": "Whether the keys of the SSH agent (`SSH_AUTH_SOCK`) log in: `true` only they, `false` never; unless given, where there is no key that can be opened."
    },
    "ssh_generate_key": {
     "type": "boolean",
     "default": false,
     "description": "Log in to the installer with a key that is made for the run and never written to a file. For `provision`; the installed system knows only the keys of its flake, so without one of them it is proved by its host key alone."
    },
    "ssh_host_key": {
     "type": "string",
     "pattern": "^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( .*)?$",
     "description": "Public host key that the guest must show. Unless given it is read through the guest agent, or looked up in `ssh_known_hosts_file`; failing that, the first one seen is trusted, with a warning.",
     "examples": [
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI…"
     ]
    },
    "ssh_known_hosts_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File in which the guest's host key is looked up where the guest agent does not tell it.",
     "x-env": [
      "NCI_SSH_KNOWN_HOSTS_FILE"
     ],
     "examples": [
      "~/.ssh/known_hosts"
     ]
    },
    "ssh_host_key_checking": {
     "type": "string",
     "enum": [
      "strict",
      "accept-new"
     ],
     "description": "What becomes of a guest whose host key is not known: `strict` refuses it; `accept-new` trusts the first one seen, with a warning. Unless given: as `accept-new`, after waiting longer for the guest agent to tell the key, and no secrets are handed over.",
     "x-env": [
      "NCI_SSH_HOST_KEY_CHECKING"
     ]
    },
    "ssh_address_map": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "JSON file that says where guests are reached from here, for guests behind port forwards: `{\"192.0.2.7:22\": \"127.0.0.1:2207\"}`; `*` stands for all others. Read at each connection.",
     "x-env": [
      "NCI_SSH_ADDRESS_MAP"
     ]
    },
    "ssh_proxy_jump": {
     "type": "string",
     "minLength": 1,
     "description": "Hosts to jump through on the way to the guest, as for OpenSSH's `ProxyJump`: they are logged in to by `ssh` itself, as the user does it, and must do without asking anything. IPv6 addresses go into brackets. `none`: directly, whatever the configuration says. Unless given: as the configuration of OpenSSH says for the guest's address.",
     "x-env": [
      "NCI_SSH_PROXY_JUMP"
     ],
     "examples": [
      "admin@bastion.example.com:2222"
     ]
    },
    "ssh_config_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Configuration of OpenSSH that says how the guest's address is reached (`ProxyJump`, `ProxyCommand`). Unless given: the user's own; `none`: no configuration.",
     "x-env": [
      "NCI_SSH_CONFIG_FILE"
     ]
    },
    "timeout": {
     "type": "number",
     "description": "Seconds that the whole step may take.",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "default": 600
    },
    "expect": {
     "type": "string",
     "enum": [
      "installer",
      "system",
      "any"
     ],
     "default": "installer",
     "description": "What must answer: the installer, an installed system, or anything."
    },
    "system": {
     "type": "string",
     "description": "Store path that `/run/current-system` must be, for `expect: system`.",
     "pattern": "^/nix/store/"
    },
    "cloud_init_timeout": {
     "type": "number",
     "description": "Seconds that cloud-init of the installer may take after the login; then there is a warning.",
     "minimum": 0,
     "maximum": 86400,
     "default": 120
    }
   }
  },
  "output": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "The guest that answered",
   "type": "object",
   "additionalProperties": false,
   "required": [
    "host",
    "port",
    "user",
    "host_key",
    "host_key_source",
    "proof",
    "seconds"
   ],
   "properties": {
    "host": {
     "type": "string",
     "description": "Address."
    },
    "port": {
     "type": "integer",
     "description": "Port.",
     "minimum": 1,
     "maximum": 65535
    },
    "user": {
     "type": "string",
     "description": "User."
    },
    "host_key": {
     "type": "string",
     "description": "Its public host key."
    },
    "host_key_source": {
     "type": "string",
     "description": "How the host key was known.",
     "enum": [
      "given",
      "guest-agent",
      "known-hosts",
      "first-use"
     ]
    },
    "proof": {
     "type": "string",
     "description": "What shows that it is the guest: a login, or for want of a key only the host key that was expected.",
     "enum": [
      "login",
      "host-key"
     ]
    },
    "facts": {
     "type": "object",
     "title": "GuestFacts",
     "additionalProperties": false,
     "required": [
      "hostname",
      "os",
      "installer",
      "cloud_init"
     ],
     "description": "What the guest says of itself, where it was logged in to.",
     "properties": {
      "hostname": {
       "type": "string",
       "description": "Host name."
      },
      "os": {
       "type": "string",
       "description": "`PRETTY_NAME` of its os-release."
      },
      "installer": {
       "type": "boolean",
       "description": "Whether it is a NixOS installer running from memory."
      },
      "uuid": {
       "type": "string",
       "description": "DMI product UUID."
      },
      "system": {
       "type": "string",
       "description": "`/run/current-system`."
      },
      "boot_id": {
       "type": "string",
       "description": "Id of this boot."
      },
      "architecture": {
       "type": "string",
       "description": "Machine type that the kernel names."
      },
      "memory_mib": {
       "type": "integer",
       "description": "Memory in MiB.",
       "minimum": 0
      },
      "cloud_init": {
       "type": "string",
       "description": "How far cloud-init is.",
       "enum": [
        "done",
        "running",
        "disabled",
        "absent"
       ]
      },
      "cloud_init_errors": {
       "type": "array",
       "items": {
        "type": "string"
       },
       "description": "What cloud-init failed of."
      }
     }
    },
    "seconds": {
     "type": "number",
     "description": "Seconds waited.",
     "minimum": 0
    },
    "vmid": {
     "type": "integer",
     "description": "Id of the VM.",
     "minimum": 100,
     "maximum": 999999999
    },
    "node": {
     "type": "string",
     "description": "Node that has the VM."
    }
   }
  }
 },
 "nixos.install": {
  "input": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "Install NixOS with nixos-anywhere",
   "type": "object",
   "x-summary": "Runs nixos-anywhere: guarded, bounded, with phases.",
   "x-order": 60,
   "x-examples": [
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
   "additionalProperties": false,
   "anyOf": [
    {
     "required": [
      "vmid"
     ]
    },
    {
     "required": [
      "name"
     ]
    }
   ],
   "properties": {
    "api_host": {
     "type": "string",
     "minLength": 1,
     "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
     "examples": [
      "pve.example.org",
      "https://pve.example.org:8006",
      "192.0.2.10",
      "[2001:db8::10]",
      "pve1.example.org,pve2.example.org"
     ],
     "x-env": [
      "PROXMOX_HOST",
      "PROXMOX_URL",
      "PROXMOX_VE_ENDPOINT"
     ]
    },
    "api_port": {
     "type": "integer",
     "minimum": 1,
     "maximum": 65535,
     "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
     "x-env": [
      "PROXMOX_PORT"
     ]
    },
    "api_user": {
     "type": "string",
     "pattern": "^[^\\s:/@]+@[A-Za-z0-9._-]+$",
     "description": "User with realm.",
     "examples": [
      "root@pam",
      "nci@pve"
     ],
     "x-env": [
      "PROXMOX_USER",
      "PROXMOX_VE_USERNAME"
     ]
    },
    "api_password": {
     "type": "string",
     "minLength": 1,
     "description": "Password of `api_user`. An API token is the better choice.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_PASSWORD",
      "PROXMOX_VE_PASSWORD"
     ]
    },
    "api_totp_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOTP_SECRET"
     ]
    },
    "api_totp": {
     "type": "string",
     "pattern": "^[0-9]{6,10}$",
     "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
     "examples": [
      "123456"
     ],
     "x-env": [
      "PROXMOX_TOTP",
      "PROXMOX_VE_OTP"
     ]
    },
    "api_token_id": {
     "type": "string",
     "pattern": "^([^\\s:/@]+@[A-Za-z0-9._-]+!)?[A-Za-z][A-Za-z0-9._-]*$",
     "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
     "examples": [
      "nci",
      "nci@pve!nci"
     ],
     "x-env": [
      "PROXMOX_TOKEN_ID"
     ]
    },
    "api_token_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of the API token.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOKEN_SECRET"
     ]
    },
    "validate_certs": {
     "type": "boolean",
     "default": true,
     "description": "Verify the server's TLS certificate. Off is reported as a warning.",
     "x-env": [
      "PROXMOX_VALIDATE_CERTS",
      "PROXMOX_VERIFY_SSL"
     ]
    },
    "ca_path": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
     "x-env": [
      "PROXMOX_CA_PATH"
     ]
    },
    "api_fingerprint": {
     "type": "string",
     "pattern": "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}([ ,]+([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2})*$",
     "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
     "x-env": [
      "PROXMOX_FINGERPRINT"
     ],
     "examples": [
      "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99"
     ]
    },
    "api_timeout": {
     "type": "number",
     "minimum": 1,
     "maximum": 3600,
     "default": 30,
     "description": "Seconds that one API request may go without an answer.",
     "x-env": [
      "PROXMOX_TIMEOUT"
     ]
    },
    "vmid": {
     "type": "integer",
     "minimum": 100,
     "maximum": 999999999,
     "description": "Id of the VM.",
     "x-env": []
    },
    "name": {
     "type": "string",
     "minLength": 1,
     "maxLength": 253,
     "description": "Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit."
    },
    "node": {
     "type": "string",
     "pattern": "^[A-Za-z0-9][A-Za-z0-9-]*$",
     "description": "Node that has the VM. Found by asking the cluster unless given."
    },
    "ssh_host": {
     "type": "string",
     "minLength": 1,
     "description": "Address to log in to. Unless given: the static address of the first network, else what the guest agent reports."
    },
    "ssh_port": {
     "type": "integer",
     "minimum": 1,
     "maximum": 65535,
     "default": 22,
     "description": "Port of the guest's SSH server."
    },
    "ssh_user": {
     "type": "string",
     "pattern": "^[a-z_][a-z0-9_-]*$",
     "default": "root",
     "description": "User to log in as."
    },
    "ssh_private_key_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Private key to log in with. Unless given: the first of `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa` that exists. An encrypted one without its passphrase is used through the agent, where that has it.",
     "x-env": [
      "NCI_SSH_PRIVATE_KEY_FILE"
     ]
    },
    "ssh_private_key": {
     "type": "string",
     "minLength": 1,
     "description": "Private key to log in with, itself, in place of the file.",
     "x-secret": true,
     "x-env": [
      "NCI_SSH_PRIVATE_KEY"
     ]
    },
    "ssh_private_key_passphrase": {
     "type": "string",
     "minLength": 1,
     "description": "Passphrase of the private key.",
     "x-secret": true,
     "x-env": [
      "NCI_SSH_PRIVATE_KEY_PASSPHRASE"
     ]
    },
    "ssh_agent": {
     "type": "boolean",
     "description": "Whether the keys of the SSH agent (`SSH_AUTH_SOCK`) log in: `true` only they, `false` never; unless given, where there is no key that can be opened."
    },
    "ssh_generate_key": {
     "type": "boolean",
     "default": false,
     "description": "Log in to the installer with a key that is made for the run and never written to a file. For `provision`; the installed system knows only the keys of its flake, so without one of them it is proved by its host key alone."
    },
    "ssh_host_key": {
     "type": "string",
     "pattern": "^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( .*)?$",
     "description": "Public host key that the guest must show. Unless given it is read through the guest agent, or looked up in `ssh_known_hosts_file`; failing that, the first one seen is trusted, with a warning.",
     "examples": [
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI…"
     ]
    },
    "ssh_known_hosts_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File in which the guest's host key is looked up where the guest agent does not tell it.",
     "x-env": [
      "NCI_SSH_KNOWN_HOSTS_FILE"
     ],
     "examples": [
      "~/.ssh/known_hosts"
     ]
    },
    "ssh_host_key_checking": {
     "type": "string",
     "enum": [
      "strict",
      "accept-new"
     ],
     "description": "What becomes of a guest whose host key is not known: `strict` refuses it; `accept-new` trusts the first one seen, with a warning. Unless given: as `accept-new`, after waiting longer for the guest agent to tell the key, and no secrets are handed over.",
     "x-env": [
      "NCI_SSH_HOST_KEY_CHECKING"
     ]
    },
    "ssh_address_map": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "JSON file that says where guests are reached from here, for guests behind port forwards: `{\"192.0.2.7:22\": \"127.0.0.1:2207\"}`; `*` stands for all others. Read at each connection.",
     "x-env": [
      "NCI_SSH_ADDRESS_MAP"
     ]
    },
    "ssh_proxy_jump": {
     "type": "string",
     "minLength": 1,
     "description": "Hosts to jump through on the way to the guest, as for OpenSSH's `ProxyJump`: they are logged in to by `ssh` itself, as the user does it, and must do without asking anything. IPv6 addresses go into brackets. `none`: directly, whatever the configuration says. Unless given: as the configuration of OpenSSH says for the guest's address.",
     "x-env": [
      "NCI_SSH_PROXY_JUMP"
     ],
     "examples": [
      "admin@bastion.example.com:2222"
     ]
    },
    "ssh_config_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Configuration of OpenSSH that says how the guest's address is reached (`ProxyJump`, `ProxyCommand`). Unless given: the user's own; `none`: no configuration.",
     "x-env": [
      "NCI_SSH_CONFIG_FILE"
     ]
    },
    "flake": {
     "type": "string",
     "pattern": "^[^#\\s]+#[^#\\s]+$",
     "description": "Flake and attribute of the system: `nixosConfigurations.<attribute>` of the flake is installed.",
     "examples": [
      ".#web1",
      "github:example/infrastructure#web1"
     ]
    },
    "store_paths": {
     "type": "object",
     "additionalProperties": false,
     "title": "StorePaths",
     "required": [
      "disko_script",
      "system"
     ],
     "description": "The system, already built, in place of `flake`.",
     "properties": {
      "disko_script": {
       "type": "string",
       "pattern": "^/nix/store/[0-9a-z]{32}-[^/\\s]+$",
       "description": "`config.system.build.diskoScript`.",
       "examples": [
        "/nix/store/8psj5i63n5arwd6ssjmws5yha9x223y6-disko"
       ]
      },
      "system": {
       "type": "string",
       "pattern": "^/nix/store/[0-9a-z]{32}-[^/\\s]+$",
       "description": "`config.system.build.toplevel`.",
       "examples": [
        "/nix/store/q99n4jhblf0lv4xg4dlwa5vrvj5mwrgg-nixos-system-web1-26.05"
       ]
      }
     }
    },
    "build_on": {
     "type": "string",
     "enum": [
      "auto",
      "local",
      "remote"
     ],
     "default": "auto",
     "description": "Where the system is built: on this machine (and its remote builders), or in the installer. `auto`: on this machine where its Nix can build for the VM's architecture, itself, by emulation or on a remote builder."
    },
    "disko_mode": {
     "type": "string",
     "enum": [
      "disko",
      "mount"
     ],
     "default": "disko",
     "description": "What disko does with the disks: `disko` wipes, formats and mounts them; `mount` only mounts what is on them, which must be this tool's own work, or `reinstall` set. With `store_paths`: which of disko's scripts that one is."
    },
    "no_disko_deps": {
     "type": "boolean",
     "default": false,
     "description": "Send disko's script without the partitioning tools that it needs: the installer has them. For machines with little memory. Has no effect with `store_paths`."
    },
    "generate_hardware_config": {
     "type": "object",
     "additionalProperties": false,
     "title": "HardwareConfig",
     "required": [
      "backend",
      "path"
     ],
     "description": "Look at the machine's hardware first and write what is found to a file of the flake. The system is then built afterwards, and not ahead.",
     "properties": {
      "backend": {
       "type": "string",
       "enum": [
        "nixos-facter",
        "nixos-generate-config"
       ],
       "description": "The program that looks."
      },
      "path": {
       "type": "string",
       "x-path": true,
       "minLength": 1,
       "description": "File on this machine that is written.",
       "examples": [
        "hosts/web1/facter.json"
       ]
      }
     }
    },
    "substitute_on_destination": {
     "type": "boolean",
     "default": true,
     "description": "Let the installer fetch what it can from binary caches, instead of copying all from this machine."
    },
    "use_machine_substituters": {
     "type": "boolean",
     "default": true,
     "description": "Let the installer use the binary caches of the system's configuration too. Has an effect only where the system is not built ahead: `build_on: remote`, `generate_hardware_config`."
    },
    "from_store": {
     "type": "string",
     "minLength": 1,
     "pattern": "^[A-Za-z0-9+./][^\\s]*$",
     "description": "Nix store that the system is copied from, in place of this machine's; nixos-anywhere calls it `--from`.",
     "examples": [
      "https://cache.example.com"
     ]
    },
    "ssh_store_settings": {
     "type": "array",
     "description": "Settings of the store in the installer, as Nix sees it through SSH (`nix help-stores`).",
     "items": {
      "type": "string",
      "pattern": "^(compress|path-info-cache-size|priority|remote-program|system-features|want-mass-query)=[^\\u0000-\\u001f]+$",
      "description": "`name=value`.",
      "examples": [
       "compress=false"
      ]
     }
    },
    "print_build_logs": {
     "type": "boolean",
     "default": false,
     "description": "Print the whole logs of what is built in the installer; what is built on this machine is logged in any case."
    },
    "show_trace": {
     "type": "boolean",
     "default": false,
     "description": "Show the whole trace of a failed evaluation."
    },
    "reinstall": {
     "type": "boolean",
     "default": false,
     "description": "Install although the disks of the machine that runs the installer hold something. This wipes them, unless `disko_mode` is `mount`. Needed for anything that this tool cannot know to be its own unfinished work: after another boot of the installer disks with a system, with other files, encrypted or in a pool; new volumes of thick LVM that show old data. A host that is installed already is left alone all the same."
    },
    "extra_files": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Folder whose content is copied to the new system's root."
    },
    "chown": {
     "type": "array",
     "description": "Owners of files and folders of the new system, recursively; those of `extra_files` are root's otherwise.",
     "items": {
      "type": "object",
      "additionalProperties": false,
      "title": "Ownership",
      "required": [
       "path",
       "owner"
      ],
      "properties": {
       "path": {
        "type": "string",
        "pattern": "^/(?!.*(^|/)\\.\\.(/|$))[^\\u0000-\\u001f]+$",
        "description": "Path in the new system.",
        "examples": [
         "/var/lib/alice"
        ]
       },
       "owner": {
        "type": "string",
        "pattern": "^[0-9]+:[0-9]+$",
        "description": "Ids of user and group: names are not known yet.",
        "examples": [
         "1000:100"
        ]
       }
      }
     }
    },
    "disk_encryption_keys": {
     "type": "array",
     "description": "Key files for disko, put on the installer before it formats.",
     "items": {
      "type": "object",
      "additionalProperties": false,
      "title": "DiskEncryptionKey",
      "required": [
       "remote",
       "local"
      ],
      "properties": {
       "remote": {
        "type": "string",
        "pattern": "^/[A-Za-z0-9._/-]+$",
        "description": "Path in the installer.",
        "examples": [
         "/tmp/disk.key"
        ]
       },
       "local": {
        "type": "string",
        "x-path": true,
        "minLength": 1,
        "description": "File on this machine."
       }
      }
     }
    },
    "generate_host_key": {
     "type": "boolean",
     "default": true,
     "description": "Make the new system's SSH host key here and ship it, so that the first login to it is verified. Without it, or where `extra_files` has one, that key is kept."
    },
    "host_key_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Private ed25519 key, without a passphrase, that becomes the new system's SSH host key, in place of one that is made. For hosts whose secrets are encrypted for a key that is kept elsewhere."
    },
    "copy_host_keys": {
     "type": "boolean",
     "default": false,
     "description": "Give the new system the installer's SSH host keys. Needs `generate_host_key: false`."
    },
    "age_recipient": {
     "type": "boolean",
     "default": false,
     "description": "State the age recipient of the new system's SSH host key in the result, for sops."
    },
    "ssh_config": {
     "type": "boolean",
     "default": false,
     "description": "State an entry for ~/.ssh/config in the result."
    },
    "nixos_anywhere": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "The nixos-anywhere program. Unless given: from PATH, else `nix run` of the pinned version.",
     "x-env": [
      "NCI_NIXOS_ANYWHERE"
     ]
    },
    "ssh_options": {
     "type": "array",
     "description": "Options for the SSH connections of nixos-anywhere and Nix. Those that say whom to connect to, and how the host is verified, are not among them.",
     "items": {
      "type": "string",
      "pattern": "^(AddressFamily|BindAddress|BindInterface|Ciphers|Compression|ConnectionAttempts|ConnectTimeout|IPQoS|KexAlgorithms|LogLevel|MACs|PubkeyAcceptedAlgorithms|RekeyLimit|ServerAliveCountMax|ServerAliveInterval|TCPKeepAlive)=[^\\u0000-\\u001f]+$",
      "description": "`Name=value`.",
      "examples": [
       "Compression=yes",
       "ConnectTimeout=30"
      ]
     }
    },
    "nix_options": {
     "type": "object",
     "additionalProperties": {
      "type": "string"
     },
     "description": "Options for Nix, name to value.",
     "examples": [
      {
       "cores": "4"
      }
     ]
    },
    "silence_timeout": {
     "type": "number",
     "minimum": 1,
     "default": 1800,
     "description": "Seconds that the installation may go without any output.",
     "maximum": 604800
    },
    "log_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File that gets everything the installation prints, secrets masked; each run is appended."
    },
    "system_ssh_user": {
     "type": "string",
     "pattern": "^[a-z_][a-z0-9_-]*$",
     "description": "User to log in to the installed system as, where it is not `ssh_user`."
    },
    "system_ssh_host": {
     "type": "string",
     "minLength": 1,
     "description": "Address of the installed system, where it is another than the installer's."
    },
    "boot_timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "default": 600,
     "description": "Seconds from a start or reboot to the login."
    },
    "timeout": {
     "type": "number",
     "description": "Seconds that the whole step may take.",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "default": 7200
    },
    "reboot": {
     "type": "boolean",
     "description": "Reboot into the new system. Without it the installer stays up, the new system unmounted.",
     "default": true
    },
    "expected_uuid": {
     "type": "string",
     "pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
     "description": "DMI product UUID the target must have. Read from the VM's configuration unless given.",
     "examples": [
      "839a32d3-7f89-42a0-9a6c-438a013884d4"
     ]
    }
   }
  },
  "output": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "The installed system",
   "type": "object",
   "additionalProperties": false,
   "required": [
    "vmid",
    "node",
    "host",
    "port",
    "known_hosts",
    "rebooted",
    "phases"
   ],
   "properties": {
    "vmid": {
     "type": "integer",
     "description": "Id of the VM.",
     "minimum": 100,
     "maximum": 999999999
    },
    "node": {
     "type": "string",
     "description": "Node that has the VM."
    },
    "host": {
     "type": "string",
     "description": "Address."
    },
    "port": {
     "type": "integer",
     "description": "Port.",
     "minimum": 1,
     "maximum": 65535
    },
    "system": {
     "type": "string",
     "description": "Store path of the installed system."
    },
    "host_key": {
     "type": "string",
     "description": "Public SSH host key of the installed system, where known."
    },
    "known_hosts": {
     "type": "array",
     "items": {
      "type": "string",
      "description": "A line."
     },
     "description": "Lines for a known_hosts file."
    },
    "system_state": {
     "type": "string",
     "enum": [
      "running",
      "degraded",
      "starting",
      "unknown"
     ],
     "description": "What `systemctl is-system-running` says there, where it runs by now."
    },
    "age_recipient": {
     "type": "string",
     "description": "age recipient of the host key, on request."
    },
    "ssh_config": {
     "type": "string",
     "description": "Entry for ~/.ssh/config, on request."
    },
    "rebooted": {
     "type": "boolean",
     "description": "Whether it runs the new system now."
    },
    "phases": {
     "type": "array",
     "items": {
      "type": "object",
      "title": "InstallPhase",
      "additionalProperties": false,
      "required": [
       "phase",
       "seconds"
      ],
      "description": "A phase.",
      "properties": {
       "phase": {
        "type": "string",
        "description": "nixos-anywhere's phase."
       },
       "seconds": {
        "type": "number",
        "description": "Seconds.",
        "minimum": 0
       }
      }
     },
     "description": "Its phases with their times."
    },
    "nixos_anywhere": {
     "type": "object",
     "additionalProperties": false,
     "title": "NixosAnywhere",
     "required": [
      "program"
     ],
     "description": "The nixos-anywhere that was used.",
     "properties": {
      "program": {
       "type": "string",
       "description": "Path, or the flake that was run."
      },
      "version": {
       "type": "string",
       "description": "Version, where it can be told."
      }
     }
    },
    "log_file": {
     "type": "string",
     "description": "The complete log."
    }
   }
  }
 },
 "vm.detach": {
  "input": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "Remove ISO and cloud-init drive",
   "type": "object",
   "x-summary": "Removes ISO and cloud-init drive, fixes the boot order, proves it.",
   "x-order": 70,
   "x-examples": [
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
   "additionalProperties": false,
   "anyOf": [
    {
     "required": [
      "vmid"
     ]
    },
    {
     "required": [
      "name"
     ]
    }
   ],
   "properties": {
    "api_host": {
     "type": "string",
     "minLength": 1,
     "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
     "examples": [
      "pve.example.org",
      "https://pve.example.org:8006",
      "192.0.2.10",
      "[2001:db8::10]",
      "pve1.example.org,pve2.example.org"
     ],
     "x-env": [
      "PROXMOX_HOST",
      "PROXMOX_URL",
      "PROXMOX_VE_ENDPOINT"
     ]
    },
    "api_port": {
     "type": "integer",
     "minimum": 1,
     "maximum": 65535,
     "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
     "x-env": [
      "PROXMOX_PORT"
     ]
    },
    "api_user": {
     "type": "string",
     "pattern": "^[^\\s:/@]+@[A-Za-z0-9._-]+$",
     "description": "User with realm.",
     "examples": [
      "root@pam",
      "nci@pve"
     ],
     "x-env": [
      "PROXMOX_USER",
      "PROXMOX_VE_USERNAME"
     ]
    },
    "api_password": {
     "type": "string",
     "minLength": 1,
     "description": "Password of `api_user`. An API token is the better choice.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_PASSWORD",
      "PROXMOX_VE_PASSWORD"
     ]
    },
    "api_totp_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOTP_SECRET"
     ]
    },
    "api_totp": {
     "type": "string",
     "pattern": "^[0-9]{6,10}$",
     "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
     "examples": [
      "123456"
     ],
     "x-env": [
      "PROXMOX_TOTP",
      "PROXMOX_VE_OTP"
     ]
    },
    "api_token_id": {
     "type": "string",
     "pattern": "^([^\\s:/@]+@[A-Za-z0-9._-]+!)?[A-Za-z][A-Za-z0-9._-]*$",
     "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
     "examples": [
      "nci",
      "nci@pve!nci"
     ],
     "x-env": [
      "PROXMOX_TOKEN_ID"
     ]
    },
    "api_token_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of the API token.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOKEN_SECRET"
     ]
    },
    "validate_certs": {
     "type": "boolean",
     "default": true,
     "description": "Verify the server's TLS certificate. Off is reported as a warning.",
     "x-env": [
      "PROXMOX_VALIDATE_CERTS",
      "PROXMOX_VERIFY_SSL"
     ]
    },
    "ca_path": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
     "x-env": [
      "PROXMOX_CA_PATH"
     ]
    },
    "api_fingerprint": {
     "type": "string",
     "pattern": "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}([ ,]+([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2})*$",
     "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
     "x-env": [
      "PROXMOX_FINGERPRINT"
     ],
     "examples": [
      "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99"
     ]
    },
    "api_timeout": {
     "type": "number",
     "minimum": 1,
     "maximum": 3600,
     "default": 30,
     "description": "Seconds that one API request may go without an answer.",
     "x-env": [
      "PROXMOX_TIMEOUT"
     ]
    },
    "vmid": {
     "type": "integer",
     "minimum": 100,
     "maximum": 999999999,
     "description": "Id of the VM.",
     "x-env": []
    },
    "name": {
     "type": "string",
     "minLength": 1,
     "maxLength": 253,
     "description": "Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit."
    },
    "node": {
     "type": "string",
     "pattern": "^[A-Za-z0-9][A-Za-z0-9-]*$",
     "description": "Node that has the VM. Found by asking the cluster unless given."
    },
    "timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "default": 900,
     "description": "Seconds that the whole step may take."
    },
    "mode": {
     "type": "string",
     "enum": [
      "cold",
      "hot"
     ],
     "default": "cold",
     "description": "`cold` stops the VM, removes the drives, and starts it again where it ran; `hot` leaves it running and empties them."
    },
    "start": {
     "type": "boolean",
     "description": "Start the VM afterwards. Unless given: where it ran before."
    },
    "force": {
     "type": "boolean",
     "description": "Also on a VM that this tool did not create.",
     "default": false
    }
   }
  },
  "output": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "The VM without its installer",
   "type": "object",
   "additionalProperties": false,
   "required": [
    "vmid",
    "node",
    "status",
    "removed",
    "pending"
   ],
   "properties": {
    "vmid": {
     "type": "integer",
     "description": "Id of the VM.",
     "minimum": 100,
     "maximum": 999999999
    },
    "node": {
     "type": "string",
     "description": "Node that has the VM."
    },
    "name": {
     "type": "string",
     "description": "Name."
    },
    "status": {
     "type": "string",
     "description": "Whether it runs.",
     "enum": [
      "running",
      "stopped"
     ]
    },
    "boot": {
     "type": "string",
     "description": "Boot order."
    },
    "removed": {
     "type": "array",
     "items": {
      "type": "string",
      "description": "Configuration key."
     },
     "description": "Settings that were removed."
    },
    "pending": {
     "type": "array",
     "items": {
      "type": "string",
      "description": "Configuration key."
     },
     "description": "Settings that take effect only at the next stop and start."
    }
   }
  }
 },
 "vm.info": {
  "input": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "Read what is known of a VM",
   "type": "object",
   "x-summary": "Configuration, pending changes, addresses, ownership. Changes nothing.",
   "x-order": 80,
   "x-examples": [
    {
     "title": "by name",
     "input": {
      "name": "web1"
     }
    }
   ],
   "additionalProperties": false,
   "anyOf": [
    {
     "required": [
      "vmid"
     ]
    },
    {
     "required": [
      "name"
     ]
    }
   ],
   "properties": {
    "api_host": {
     "type": "string",
     "minLength": 1,
     "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
     "examples": [
      "pve.example.org",
      "https://pve.example.org:8006",
      "192.0.2.10",
      "[2001:db8::10]",
      "pve1.example.org,pve2.example.org"
     ],
     "x-env": [
      "PROXMOX_HOST",
      "PROXMOX_URL",
      "PROXMOX_VE_ENDPOINT"
     ]
    },
    "api_port": {
     "type": "integer",
     "minimum": 1,
     "maximum": 65535,
     "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
     "x-env": [
      "PROXMOX_PORT"
     ]
    },
    "api_user": {
     "type": "string",
     "pattern": "^[^\\s:/@]+@[A-Za-z0-9._-]+$",
     "description": "User with realm.",
     "examples": [
      "root@pam",
      "nci@pve"
     ],
     "x-env": [
      "PROXMOX_USER",
      "PROXMOX_VE_USERNAME"
     ]
    },
    "api_password": {
     "type": "string",
     "minLength": 1,
     "description": "Password of `api_user`. An API token is the better choice.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_PASSWORD",
      "PROXMOX_VE_PASSWORD"
     ]
    },
    "api_totp_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOTP_SECRET"
     ]
    },
    "api_totp": {
     "type": "string",
     "pattern": "^[0-9]{6,10}$",
     "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
     "examples": [
      "123456"
     ],
     "x-env": [
      "PROXMOX_TOTP",
      "PROXMOX_VE_OTP"
     ]
    },
    "api_token_id": {
     "type": "string",
     "pattern": "^([^\\s:/@]+@[A-Za-z0-9._-]+!)?[A-Za-z][A-Za-z0-9._-]*$",
     "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
     "examples": [
      "nci",
      "nci@pve!nci"
     ],
     "x-env": [
      "PROXMOX_TOKEN_ID"
     ]
    },
    "api_token_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of the API token.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOKEN_SECRET"
     ]
    },
    "validate_certs": {
     "type": "boolean",
     "default": true,
     "description": "Verify the server's TLS certificate. Off is reported as a warning.",
     "x-env": [
      "PROXMOX_VALIDATE_CERTS",
      "PROXMOX_VERIFY_SSL"
     ]
    },
    "ca_path": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
     "x-env": [
      "PROXMOX_CA_PATH"
     ]
    },
    "api_fingerprint": {
     "type": "string",
     "pattern": "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}([ ,]+([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2})*$",
     "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
     "x-env": [
      "PROXMOX_FINGERPRINT"
     ],
     "examples": [
      "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99"
     ]
    },
    "api_timeout": {
     "type": "number",
     "minimum": 1,
     "maximum": 3600,
     "default": 30,
     "description": "Seconds that one API request may go without an answer.",
     "x-env": [
      "PROXMOX_TIMEOUT"
     ]
    },
    "vmid": {
     "type": "integer",
     "minimum": 100,
     "maximum": 999999999,
     "description": "Id of the VM.",
     "x-env": []
    },
    "name": {
     "type": "string",
     "minLength": 1,
     "maxLength": 253,
     "description": "Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit."
    },
    "node": {
     "type": "string",
     "pattern": "^[A-Za-z0-9][A-Za-z0-9-]*$",
     "description": "Node that has the VM. Found by asking the cluster unless given."
    },
    "timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "default": 120,
     "description": "Seconds that the whole step may take."
    }
   }
  },
  "output": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "The VM",
   "type": "object",
   "additionalProperties": false,
   "required": [
    "vmid",
    "node",
    "name",
    "status",
    "owned",
    "addresses",
    "agent",
    "config",
    "pending"
   ],
   "properties": {
    "vmid": {
     "type": "integer",
     "description": "Id of the VM.",
     "minimum": 100,
     "maximum": 999999999
    },
    "node": {
     "type": "string",
     "description": "Node that has the VM."
    },
    "name": {
     "type": "string",
     "description": "Name."
    },
    "status": {
     "type": "string",
     "description": "Whether it runs.",
     "enum": [
      "running",
      "stopped"
     ]
    },
    "owned": {
     "type": "boolean",
     "description": "Whether this tool created it."
    },
    "uuid": {
     "type": "string",
     "description": "DMI product UUID."
    },
    "lock": {
     "type": "string",
     "description": "Why it is locked, where it is."
    },
    "installed": {
     "type": "object",
     "title": "Installed",
     "additionalProperties": false,
     "required": [
      "at"
     ],
     "description": "What this tool installed on it, as noted in its description.",
     "properties": {
      "system": {
       "type": "string",
       "description": "Store path of the installed system."
      },
      "host_key": {
       "type": "string",
       "description": "Its public SSH host key."
      },
      "flake": {
       "type": "string",
       "description": "The flake it came from."
      },
      "at": {
       "type": "string",
       "description": "When, in UTC."
      },
      "proved": {
       "type": "string",
       "description": "When the installed system was first logged in to and compared, in UTC."
      }
     }
    },
    "iso": {
     "type": "string",
     "description": "Volume id of the ISO in a drive, where there is one."
    },
    "cloud_init_drive": {
     "type": "string",
     "description": "Volume id of the cloud-init drive, where there is one."
    },
    "addresses": {
     "type": "array",
     "items": {
      "type": "string",
      "description": "Address."
     },
     "description": "Addresses that the guest agent reports."
    },
    "agent": {
     "type": "boolean",
     "description": "Whether the guest agent answers."
    },
    "config": {
     "type": "object",
     "additionalProperties": true,
     "description": "Its configuration, secrets masked."
    },
    "pending": {
     "type": "array",
     "items": {
      "type": "object",
      "title": "PendingChange",
      "additionalProperties": false,
      "required": [
       "key"
      ],
      "description": "A pending change.",
      "properties": {
       "key": {
        "type": "string",
        "description": "Configuration key."
       },
       "before": {
        "type": "string",
        "description": "Value now."
       },
       "after": {
        "type": "string",
        "description": "Value after the next start; absent where it is removed."
       }
      }
     },
     "description": "Changes that take effect at the next start."
    }
   }
  }
 },
 "vm.destroy": {
  "input": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "Destroy the VM",
   "type": "object",
   "x-summary": "Destroys a VM with its disks: only one that this tool created, unless told otherwise.",
   "x-order": 90,
   "x-examples": [
    {
     "title": "by name",
     "input": {
      "name": "web1"
     }
    }
   ],
   "additionalProperties": false,
   "anyOf": [
    {
     "required": [
      "vmid"
     ]
    },
    {
     "required": [
      "name"
     ]
    }
   ],
   "properties": {
    "api_host": {
     "type": "string",
     "minLength": 1,
     "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
     "examples": [
      "pve.example.org",
      "https://pve.example.org:8006",
      "192.0.2.10",
      "[2001:db8::10]",
      "pve1.example.org,pve2.example.org"
     ],
     "x-env": [
      "PROXMOX_HOST",
      "PROXMOX_URL",
      "PROXMOX_VE_ENDPOINT"
     ]
    },
    "api_port": {
     "type": "integer",
     "minimum": 1,
     "maximum": 65535,
     "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
     "x-env": [
      "PROXMOX_PORT"
     ]
    },
    "api_user": {
     "type": "string",
     "pattern": "^[^\\s:/@]+@[A-Za-z0-9._-]+$",
     "description": "User with realm.",
     "examples": [
      "root@pam",
      "nci@pve"
     ],
     "x-env": [
      "PROXMOX_USER",
      "PROXMOX_VE_USERNAME"
     ]
    },
    "api_password": {
     "type": "string",
     "minLength": 1,
     "description": "Password of `api_user`. An API token is the better choice.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_PASSWORD",
      "PROXMOX_VE_PASSWORD"
     ]
    },
    "api_totp_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOTP_SECRET"
     ]
    },
    "api_totp": {
     "type": "string",
     "pattern": "^[0-9]{6,10}$",
     "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
     "examples": [
      "123456"
     ],
     "x-env": [
      "PROXMOX_TOTP",
      "PROXMOX_VE_OTP"
     ]
    },
    "api_token_id": {
     "type": "string",
     "pattern": "^([^\\s:/@]+@[A-Za-z0-9._-]+!)?[A-Za-z][A-Za-z0-9._-]*$",
     "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
     "examples": [
      "nci",
      "nci@pve!nci"
     ],
     "x-env": [
      "PROXMOX_TOKEN_ID"
     ]
    },
    "api_token_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of the API token.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOKEN_SECRET"
     ]
    },
    "validate_certs": {
     "type": "boolean",
     "default": true,
     "description": "Verify the server's TLS certificate. Off is reported as a warning.",
     "x-env": [
      "PROXMOX_VALIDATE_CERTS",
      "PROXMOX_VERIFY_SSL"
     ]
    },
    "ca_path": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
     "x-env": [
      "PROXMOX_CA_PATH"
     ]
    },
    "api_fingerprint": {
     "type": "string",
     "pattern": "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}([ ,]+([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2})*$",
     "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
     "x-env": [
      "PROXMOX_FINGERPRINT"
     ],
     "examples": [
      "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99"
     ]
    },
    "api_timeout": {
     "type": "number",
     "minimum": 1,
     "maximum": 3600,
     "default": 30,
     "description": "Seconds that one API request may go without an answer.",
     "x-env": [
      "PROXMOX_TIMEOUT"
     ]
    },
    "vmid": {
     "type": "integer",
     "minimum": 100,
     "maximum": 999999999,
     "description": "Id of the VM.",
     "x-env": []
    },
    "name": {
     "type": "string",
     "minLength": 1,
     "maxLength": 253,
     "description": "Name of the VM; without `vmid` it must be unique on the cluster, with it both must fit."
    },
    "node": {
     "type": "string",
     "pattern": "^[A-Za-z0-9][A-Za-z0-9-]*$",
     "description": "Node that has the VM. Found by asking the cluster unless given."
    },
    "timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "default": 900,
     "description": "Seconds that the whole step may take."
    },
    "force": {
     "type": "boolean",
     "description": "Also a VM that this tool did not create.",
     "default": false
    },
    "stop": {
     "type": "boolean",
     "description": "Stop it first, where it runs.",
     "default": false
    },
    "expected_uuid": {
     "type": "string",
     "pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
     "description": "DMI product UUID that the VM must have: ids are given anew, UUIDs are not.",
     "examples": [
      "839a32d3-7f89-42a0-9a6c-438a013884d4"
     ]
    },
    "unreferenced": {
     "type": "boolean",
     "description": "Also destroy volumes on the node's storages that carry the VM's id and that its configuration does not name.",
     "default": false
    }
   }
  },
  "output": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "What was destroyed",
   "type": "object",
   "additionalProperties": false,
   "required": [
    "existed",
    "volumes"
   ],
   "properties": {
    "vmid": {
     "type": "integer",
     "description": "Id of the VM.",
     "minimum": 100,
     "maximum": 999999999
    },
    "node": {
     "type": "string",
     "description": "Node that has the VM."
    },
    "name": {
     "type": "string",
     "description": "Name."
    },
    "existed": {
     "type": "boolean",
     "description": "Whether there was such a VM."
    },
    "volumes": {
     "type": "array",
     "items": {
      "type": "string",
      "description": "Volume id."
     },
     "description": "Volumes that went with it."
    },
    "unreferenced": {
     "type": "array",
     "items": {
      "type": "string",
      "description": "Volume id."
     },
     "description": "Volumes that carry the VM's id and that its configuration did not name: left alone unless asked."
    }
   }
  }
 },
 "provision": {
  "input": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "Provision a host, from nothing to NixOS",
   "type": "object",
   "x-summary": "All steps for one host: ISO, upload, VM, boot, installation, detach, proof.",
   "x-examples": [
    {
     "title": "a host, with the defaults for all else",
     "input": {
      "name": "web1",
      "flake": ".#web1"
     }
    }
   ],
   "additionalProperties": false,
   "required": [
    "name"
   ],
   "anyOf": [
    {
     "required": [
      "flake"
     ]
    },
    {
     "required": [
      "store_paths"
     ]
    }
   ],
   "properties": {
    "api_host": {
     "type": "string",
     "minLength": 1,
     "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
     "examples": [
      "pve.example.org",
      "https://pve.example.org:8006",
      "192.0.2.10",
      "[2001:db8::10]",
      "pve1.example.org,pve2.example.org"
     ],
     "x-env": [
      "PROXMOX_HOST",
      "PROXMOX_URL",
      "PROXMOX_VE_ENDPOINT"
     ]
    },
    "api_port": {
     "type": "integer",
     "minimum": 1,
     "maximum": 65535,
     "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
     "x-env": [
      "PROXMOX_PORT"
     ]
    },
    "api_user": {
     "type": "string",
     "pattern": "^[^\\s:/@]+@[A-Za-z0-9._-]+$",
     "description": "User with realm.",
     "examples": [
      "root@pam",
      "nci@pve"
     ],
     "x-env": [
      "PROXMOX_USER",
      "PROXMOX_VE_USERNAME"
     ]
    },
    "api_password": {
     "type": "string",
     "minLength": 1,
     "description": "Password of `api_user`. An API token is the better choice.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_PASSWORD",
      "PROXMOX_VE_PASSWORD"
     ]
    },
    "api_totp_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOTP_SECRET"
     ]
    },
    "api_totp": {
     "type": "string",
     "pattern": "^[0-9]{6,10}$",
     "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
     "examples": [
      "123456"
     ],
     "x-env": [
      "PROXMOX_TOTP",
      "PROXMOX_VE_OTP"
     ]
    },
    "api_token_id": {
     "type": "string",
     "pattern": "^([^\\s:/@]+@[A-Za-z0-9._-]+!)?[A-Za-z][A-Za-z0-9._-]*$",
     "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
     "examples": [
      "nci",
      "nci@pve!nci"
     ],
     "x-env": [
      "PROXMOX_TOKEN_ID"
     ]
    },
    "api_token_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of the API token.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOKEN_SECRET"
     ]
    },
    "validate_certs": {
     "type": "boolean",
     "default": true,
     "description": "Verify the server's TLS certificate. Off is reported as a warning.",
     "x-env": [
      "PROXMOX_VALIDATE_CERTS",
      "PROXMOX_VERIFY_SSL"
     ]
    },
    "ca_path": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
     "x-env": [
      "PROXMOX_CA_PATH"
     ]
    },
    "api_fingerprint": {
     "type": "string",
     "pattern": "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}([ ,]+([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2})*$",
     "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
     "x-env": [
      "PROXMOX_FINGERPRINT"
     ],
     "examples": [
      "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99"
     ]
    },
    "api_timeout": {
     "type": "number",
     "minimum": 1,
     "maximum": 3600,
     "default": 30,
     "description": "Seconds that one API request may go without an answer.",
     "x-env": [
      "PROXMOX_TIMEOUT"
     ]
    },
    "iso_path": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "ISO file on this machine."
    },
    "iso_url": {
     "type": "string",
     "pattern": "^https?://",
     "description": "URL of an ISO. Used where `iso_path` is not given.",
     "examples": [
      "https://example.org/nixos.iso"
     ]
    },
    "iso_release": {
     "type": "string",
     "minLength": 1,
     "default": "latest",
     "description": "Release to download: its tag, or `latest`. Used where neither `iso_path` nor `iso_url` is given.",
     "examples": [
      "latest",
      "v2.10.0"
     ]
    },
    "iso_repository": {
     "type": "string",
     "pattern": "^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$",
     "default": "AnarchoBooleanism/nixos-cloud-init-installer",
     "description": "GitHub repository whose releases hold the ISOs."
    },
    "iso_checksum": {
     "type": "string",
     "pattern": "^(sha256:)?[0-9A-Fa-f]{64}$",
     "description": "SHA-256 that the ISO must have. Unless given, a release's ISO is verified by the digest that GitHub states, or else by the release's `SHA256SUMS`.",
     "examples": [
      "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
     ]
    },
    "cache_dir": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Folder for downloads. Unless given: `$XDG_CACHE_HOME/nixos-cloud-init-installer`.",
     "x-env": [
      "NCI_CACHE_DIR"
     ]
    },
    "github_token": {
     "type": "string",
     "minLength": 1,
     "description": "Token for GitHub's API: lifts its rate limit and opens private repositories.",
     "x-secret": true,
     "x-env": [
      "GITHUB_TOKEN",
      "GH_TOKEN"
     ]
    },
    "github_api_url": {
     "type": "string",
     "pattern": "^https?://",
     "default": "https://api.github.com",
     "description": "GitHub's API; another for GitHub Enterprise.",
     "x-env": [
      "GITHUB_API_URL"
     ]
    },
    "name": {
     "type": "string",
     "pattern": "^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$",
     "maxLength": 253,
     "description": "Name of the VM, a DNS name; also the guest's host name while it is the installer.",
     "examples": [
      "web1",
      "web1.example.org"
     ]
    },
    "node": {
     "type": "string",
     "pattern": "^[A-Za-z0-9][A-Za-z0-9-]*$",
     "description": "Node to create the VM on. May be left out where the cluster has one node.",
     "examples": [
      "pve1"
     ]
    },
    "vmid": {
     "type": "integer",
     "minimum": 100,
     "maximum": 999999999,
     "description": "Id of the VM. Unless given: the next free one."
    },
    "vmid_min": {
     "type": "integer",
     "minimum": 100,
     "maximum": 999999999,
     "description": "Lowest id to choose where `vmid` is not given."
    },
    "vmid_max": {
     "type": "integer",
     "minimum": 100,
     "maximum": 999999999,
     "description": "Highest id to choose where `vmid` is not given."
    },
    "architecture": {
     "type": "string",
     "enum": [
      "x86_64",
      "aarch64"
     ],
     "default": "x86_64",
     "description": "Architecture of the VM and of its installer ISO."
    },
    "cores": {
     "type": "integer",
     "minimum": 1,
     "maximum": 1024,
     "default": 2,
     "description": "CPU cores per socket."
    },
    "sockets": {
     "type": "integer",
     "minimum": 1,
     "maximum": 64,
     "default": 1,
     "description": "CPU sockets."
    },
    "cpu": {
     "type": "string",
     "minLength": 1,
     "description": "CPU type, as Proxmox writes it. Unless given: `x86-64-v2-AES`, or `host` for aarch64; a node of another architecture cannot do `host`, but `max`.",
     "examples": [
      "host",
      "x86-64-v2-AES"
     ]
    },
    "memory": {
     "type": "integer",
     "minimum": 16,
     "maximum": 16777216,
     "default": 2048,
     "description": "Memory in MiB. The installer needs about 1,500."
    },
    "balloon": {
     "type": "integer",
     "minimum": 0,
     "description": "Least memory in MiB that ballooning leaves; 0 switches ballooning off."
    },
    "machine": {
     "type": "string",
     "minLength": 1,
     "description": "Machine type, as Proxmox writes it.",
     "examples": [
      "q35"
     ]
    },
    "bios": {
     "type": "string",
     "enum": [
      "seabios",
      "ovmf"
     ],
     "description": "Firmware. `ovmf` gets an EFI disk, without Secure Boot keys unless `secure_boot` asks for them. Unless given: `seabios`, or `ovmf` for aarch64."
    },
    "secure_boot": {
     "type": "boolean",
     "default": false,
     "description": "Enrol Microsoft's and the distributions' keys in the EFI disk, which switches Secure Boot on. The installer is not signed and does not start then: only for VMs that boot something else first."
    },
    "efi_storage": {
     "type": "string",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
     "description": "Storage for the EFI disk, where it is not `storage`."
    },
    "tpm": {
     "type": "string",
     "enum": [
      "v2.0",
      "v1.2"
     ],
     "description": "Give the VM a TPM of this version."
    },
    "tpm_storage": {
     "type": "string",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
     "description": "Storage for the TPM's state, where it is not `storage`."
    },
    "scsi_controller": {
     "type": "string",
     "enum": [
      "virtio-scsi-single",
      "virtio-scsi-pci",
      "lsi",
      "lsi53c810",
      "megasas",
      "pvscsi"
     ],
     "default": "virtio-scsi-single",
     "description": "SCSI controller."
    },
    "os_type": {
     "type": "string",
     "default": "l26",
     "minLength": 1,
     "description": "Kind of guest system, as Proxmox writes it."
    },
    "storage": {
     "type": "string",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
     "default": "local-lvm",
     "description": "Storage for disks, the EFI disk, the TPM's state and the cloud-init drive.",
     "examples": [
      "local-lvm"
     ]
    },
    "cloud_init_storage": {
     "type": "string",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
     "description": "Storage for the cloud-init drive, where it is not `storage`."
    },
    "disks": {
     "type": "array",
     "maxItems": 16,
     "default": [
      {
       "size": "32G"
      }
     ],
     "description": "Disks, in order; the first is the one that boots.",
     "items": {
      "type": "object",
      "additionalProperties": false,
      "title": "Disk",
      "anyOf": [
       {
        "required": [
         "size"
        ]
       },
       {
        "required": [
         "import_from"
        ]
       }
      ],
      "properties": {
       "size": {
        "type": "string",
        "pattern": "^[1-9][0-9]*(\\.[0-9]+)?[KMGT]$",
        "description": "Size, in powers of 1024. An imported disk has its image's unless a larger one is given.",
        "examples": [
         "32G"
        ]
       },
       "import_from": {
        "type": "string",
        "pattern": "^[A-Za-z][A-Za-z0-9._-]*:[^,\\s]+$",
        "description": "Volume id of an image to fill the disk with, in place of an empty one.",
        "examples": [
         "local:import/data.qcow2"
        ]
       },
       "storage": {
        "type": "string",
        "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
        "description": "Storage, where it is not the VM's `storage`.",
        "examples": [
         "local-lvm"
        ]
       },
       "bus": {
        "type": "string",
        "enum": [
         "scsi",
         "virtio",
         "sata"
        ],
        "default": "scsi",
        "description": "Bus."
       },
       "format": {
        "type": "string",
        "enum": [
         "raw",
         "qcow2",
         "vmdk"
        ],
        "description": "Format of the image, on storages that hold files."
       },
       "discard": {
        "type": "boolean",
        "default": true,
        "description": "Hand discards on to the storage."
       },
       "ssd": {
        "type": "boolean",
        "description": "Present it as a solid-state disk."
       },
       "iothread": {
        "type": "boolean",
        "description": "Give it an I/O thread of its own."
       },
       "cache": {
        "type": "string",
        "enum": [
         "none",
         "writethrough",
         "writeback",
         "unsafe",
         "directsync"
        ],
        "description": "Cache mode."
       },
       "aio": {
        "type": "string",
        "enum": [
         "native",
         "threads",
         "io_uring"
        ],
        "description": "How QEMU does its input and output. Proxmox chooses unless told."
       },
       "backup": {
        "type": "boolean",
        "description": "Whether backups include it."
       },
       "replicate": {
        "type": "boolean",
        "description": "Whether storage replication includes it."
       },
       "serial": {
        "type": "string",
        "pattern": "^[A-Za-z0-9_-]{1,20}$",
        "description": "Serial number that the guest sees."
       }
      }
     }
    },
    "networks": {
     "type": "array",
     "maxItems": 32,
     "default": [
      {
       "bridge": "vmbr0",
       "ip": "dhcp"
      }
     ],
     "description": "Network cards, in order: `eth0`, `eth1`, … in the installer.",
     "items": {
      "type": "object",
      "additionalProperties": false,
      "title": "Network",
      "properties": {
       "bridge": {
        "type": "string",
        "pattern": "^[A-Za-z0-9_.-]{1,63}$",
        "default": "vmbr0",
        "description": "Bridge or SDN vnet of the node.",
        "examples": [
         "vmbr0"
        ]
       },
       "model": {
        "type": "string",
        "enum": [
         "virtio",
         "e1000",
         "e1000e",
         "rtl8139",
         "vmxnet3"
        ],
        "default": "virtio",
        "description": "Model of the card."
       },
       "mac": {
        "type": "string",
        "pattern": "^[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}$",
        "description": "MAC address. Unless given, Proxmox makes one.",
        "examples": [
         "BC:24:11:2C:CE:64"
        ]
       },
       "vlan": {
        "type": "integer",
        "minimum": 1,
        "maximum": 4094,
        "description": "VLAN tag."
       },
       "mtu": {
        "type": "integer",
        "minimum": 1,
        "maximum": 65520,
        "description": "MTU; 1 takes the bridge's."
       },
       "firewall": {
        "type": "boolean",
        "description": "Whether Proxmox's firewall guards it."
       },
       "link_down": {
        "type": "boolean",
        "description": "Whether the card is unplugged."
       },
       "queues": {
        "type": "integer",
        "minimum": 1,
        "maximum": 64,
        "description": "Queues of a virtio card."
       },
       "rate": {
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 1000000,
        "description": "Most that passes through it, in MB a second."
       },
       "trunks": {
        "type": "string",
        "pattern": "^[0-9]{1,4}(-[0-9]{1,4})?(;[0-9]{1,4}(-[0-9]{1,4})?)*$",
        "description": "VLANs that pass through it tagged.",
        "examples": [
         "10;20-30"
        ]
       },
       "ip": {
        "type": "string",
        "pattern": "^(dhcp|([0-9]{1,3}\\.){3}[0-9]{1,3}/([89]|[12][0-9]|3[0-2]))$",
        "description": "IPv4 address of the installer with its prefix length of 8 or more, or `dhcp`.",
        "examples": [
         "192.0.2.21/24",
         "dhcp"
        ]
       },
       "gateway": {
        "type": "string",
        "pattern": "^([0-9]{1,3}\\.){3}[0-9]{1,3}$",
        "description": "IPv4 gateway.",
        "examples": [
         "192.0.2.1"
        ]
       },
       "ip6": {
        "type": "string",
        "pattern": "^(dhcp|auto|[0-9A-Fa-f:.]+/([89]|[1-9][0-9]|1[01][0-9]|12[0-8]))$",
        "description": "IPv6 address of the installer with its prefix length of 8 or more, `dhcp`, or `auto` (SLAAC).",
        "examples": [
         "2001:db8::21/64",
         "auto"
        ]
       },
       "gateway6": {
        "type": "string",
        "pattern": "^[0-9A-Fa-f:.]+$",
        "description": "IPv6 gateway.",
        "examples": [
         "2001:db8::1"
        ]
       }
      }
     }
    },
    "pool": {
     "type": "string",
     "pattern": "^[A-Za-z0-9._/-]+$",
     "description": "Resource pool to put the VM in."
    },
    "tags": {
     "type": "array",
     "items": {
      "type": "string",
      "pattern": "^[A-Za-z0-9_][A-Za-z0-9_+.-]*$"
     },
     "description": "Tags, besides the one that marks VMs of this tool."
    },
    "description": {
     "type": "string",
     "maxLength": 7000,
     "description": "Notes for the VM, in Markdown. A line that marks VMs of this tool is added."
    },
    "agent": {
     "type": "boolean",
     "default": true,
     "description": "Whether the VM has the guest agent's device. Host keys are read through it."
    },
    "serial_console": {
     "type": "boolean",
     "default": true,
     "description": "Whether the VM has a serial console (`qm terminal`)."
    },
    "vga": {
     "type": "string",
     "minLength": 1,
     "description": "Display, as Proxmox writes it.",
     "examples": [
      "std",
      "serial0"
     ]
    },
    "onboot": {
     "type": "boolean",
     "description": "Whether the VM starts with its node."
    },
    "startup": {
     "type": "string",
     "pattern": "^(order=)?[0-9]+(,(up|down)=[0-9]+)*$",
     "description": "Start order, as Proxmox writes it.",
     "examples": [
      "order=2,up=30"
     ]
    },
    "options": {
     "type": "object",
     "additionalProperties": {
      "type": [
       "string",
       "number",
       "boolean"
      ]
     },
     "description": "Any other option of Proxmox's VM configuration, as its API takes it.",
     "examples": [
      {
       "numa": 1,
       "hotplug": "network,disk"
      }
     ]
    },
    "ci_user": {
     "type": "string",
     "pattern": "^[a-z_][a-z0-9_-]*$",
     "description": "User that cloud-init gives the keys to. Unless given: root."
    },
    "ci_password": {
     "type": "string",
     "minLength": 1,
     "description": "Password that cloud-init sets. The installer takes logins by key only. Nobody can read it back: a VM that has one keeps it.",
     "x-secret": true
    },
    "ssh_public_keys": {
     "type": "array",
     "items": {
      "type": "string",
      "pattern": "^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( .*)?$",
      "examples": [
       "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI… me@home"
      ]
     },
     "description": "Public keys that may log in to the installer."
    },
    "nameservers": {
     "type": "array",
     "items": {
      "type": "string",
      "pattern": "^[0-9A-Fa-f:.]+$",
      "examples": [
       "192.0.2.1"
      ]
     },
     "description": "DNS servers. Unless given, the node's own."
    },
    "search_domain": {
     "type": "string",
     "pattern": "^\\S+$",
     "description": "DNS search domain: one; two break the host name in cloud-init."
    },
    "ci_upgrade": {
     "type": "boolean",
     "default": false,
     "description": "Whether cloud-init upgrades packages; NixOS has none."
    },
    "ci_type": {
     "type": "string",
     "enum": [
      "nocloud",
      "configdrive2"
     ],
     "description": "Format of the cloud-init drive. Proxmox chooses `nocloud` for Linux."
    },
    "ci_custom": {
     "type": "string",
     "minLength": 1,
     "description": "Files of your own in place of generated ones, as Proxmox's `cicustom`."
    },
    "ssh_host": {
     "type": "string",
     "minLength": 1,
     "description": "Address to log in to. Unless given: the static address of the first network, else what the guest agent reports."
    },
    "ssh_port": {
     "type": "integer",
     "minimum": 1,
     "maximum": 65535,
     "default": 22,
     "description": "Port of the guest's SSH server."
    },
    "ssh_user": {
     "type": "string",
     "pattern": "^[a-z_][a-z0-9_-]*$",
     "default": "root",
     "description": "User to log in as."
    },
    "ssh_private_key_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Private key to log in with. Unless given: the first of `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa` that exists. An encrypted one without its passphrase is used through the agent, where that has it.",
     "x-env": [
      "NCI_SSH_PRIVATE_KEY_FILE"
     ]
    },
    "ssh_private_key": {
     "type": "string",
     "minLength": 1,
     "description": "Private key to log in with, itself, in place of the file.",
     "x-secret": true,
     "x-env": [
      "NCI_SSH_PRIVATE_KEY"
     ]
    },
    "ssh_private_key_passphrase": {
     "type": "string",
     "minLength": 1,
     "description": "Passphrase of the private key.",
     "x-secret": true,
     "x-env": [
      "NCI_SSH_PRIVATE_KEY_PASSPHRASE"
     ]
    },
    "ssh_agent": {
     "type": "boolean",
     "description": "Whether the keys of the SSH agent (`SSH_AUTH_SOCK`) log in: `true` only they, `false` never; unless given, where there is no key that can be opened."
    },
    "ssh_generate_key": {
     "type": "boolean",
     "default": false,
     "description": "Log in to the installer with a key that is made for the run and never written to a file. For `provision`; the installed system knows only the keys of its flake, so without one of them it is proved by its host key alone."
    },
    "ssh_host_key": {
     "type": "string",
     "pattern": "^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( .*)?$",
     "description": "Public host key that the guest must show. Unless given it is read through the guest agent, or looked up in `ssh_known_hosts_file`; failing that, the first one seen is trusted, with a warning.",
     "examples": [
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI…"
     ]
    },
    "ssh_known_hosts_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File in which the guest's host key is looked up where the guest agent does not tell it.",
     "x-env": [
      "NCI_SSH_KNOWN_HOSTS_FILE"
     ],
     "examples": [
      "~/.ssh/known_hosts"
     ]
    },
    "ssh_host_key_checking": {
     "type": "string",
     "enum": [
      "strict",
      "accept-new"
     ],
     "description": "What becomes of a guest whose host key is not known: `strict` refuses it; `accept-new` trusts the first one seen, with a warning. Unless given: as `accept-new`, after waiting longer for the guest agent to tell the key, and no secrets are handed over.",
     "x-env": [
      "NCI_SSH_HOST_KEY_CHECKING"
     ]
    },
    "ssh_address_map": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "JSON file that says where guests are reached from here, for guests behind port forwards: `{\"192.0.2.7:22\": \"127.0.0.1:2207\"}`; `*` stands for all others. Read at each connection.",
     "x-env": [
      "NCI_SSH_ADDRESS_MAP"
     ]
    },
    "ssh_proxy_jump": {
     "type": "string",
     "minLength": 1,
     "description": "Hosts to jump through on the way to the guest, as for OpenSSH's `ProxyJump`: they are logged in to by `ssh` itself, as the user does it, and must do without asking anything. IPv6 addresses go into brackets. `none`: directly, whatever the configuration says. Unless given: as the configuration of OpenSSH says for the guest's address.",
     "x-env": [
      "NCI_SSH_PROXY_JUMP"
     ],
     "examples": [
      "admin@bastion.example.com:2222"
     ]
    },
    "ssh_config_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Configuration of OpenSSH that says how the guest's address is reached (`ProxyJump`, `ProxyCommand`). Unless given: the user's own; `none`: no configuration.",
     "x-env": [
      "NCI_SSH_CONFIG_FILE"
     ]
    },
    "flake": {
     "type": "string",
     "pattern": "^[^#\\s]+#[^#\\s]+$",
     "description": "Flake and attribute of the system: `nixosConfigurations.<attribute>` of the flake is installed.",
     "examples": [
      ".#web1",
      "github:example/infrastructure#web1"
     ]
    },
    "store_paths": {
     "type": "object",
     "additionalProperties": false,
     "title": "StorePaths",
     "required": [
      "disko_script",
      "system"
     ],
     "description": "The system, already built, in place of `flake`.",
     "properties": {
      "disko_script": {
       "type": "string",
       "pattern": "^/nix/store/[0-9a-z]{32}-[^/\\s]+$",
       "description": "`config.system.build.diskoScript`.",
       "examples": [
        "/nix/store/8psj5i63n5arwd6ssjmws5yha9x223y6-disko"
       ]
      },
      "system": {
       "type": "string",
       "pattern": "^/nix/store/[0-9a-z]{32}-[^/\\s]+$",
       "description": "`config.system.build.toplevel`.",
       "examples": [
        "/nix/store/q99n4jhblf0lv4xg4dlwa5vrvj5mwrgg-nixos-system-web1-26.05"
       ]
      }
     }
    },
    "build_on": {
     "type": "string",
     "enum": [
      "auto",
      "local",
      "remote"
     ],
     "default": "auto",
     "description": "Where the system is built: on this machine (and its remote builders), or in the installer. `auto`: on this machine where its Nix can build for the VM's architecture, itself, by emulation or on a remote builder."
    },
    "disko_mode": {
     "type": "string",
     "enum": [
      "disko",
      "mount"
     ],
     "default": "disko",
     "description": "What disko does with the disks: `disko` wipes, formats and mounts them; `mount` only mounts what is on them, which must be this tool's own work, or `reinstall` set. With `store_paths`: which of disko's scripts that one is."
    },
    "no_disko_deps": {
     "type": "boolean",
     "default": false,
     "description": "Send disko's script without the partitioning tools that it needs: the installer has them. For machines with little memory. Has no effect with `store_paths`."
    },
    "generate_hardware_config": {
     "type": "object",
     "additionalProperties": false,
     "title": "HardwareConfig",
     "required": [
      "backend",
      "path"
     ],
     "description": "Look at the machine's hardware first and write what is found to a file of the flake. The system is then built afterwards, and not ahead.",
     "properties": {
      "backend": {
       "type": "string",
       "enum": [
        "nixos-facter",
        "nixos-generate-config"
       ],
       "description": "The program that looks."
      },
      "path": {
       "type": "string",
       "x-path": true,
       "minLength": 1,
       "description": "File on this machine that is written.",
       "examples": [
        "hosts/web1/facter.json"
       ]
      }
     }
    },
    "substitute_on_destination": {
     "type": "boolean",
     "default": true,
     "description": "Let the installer fetch what it can from binary caches, instead of copying all from this machine."
    },
    "use_machine_substituters": {
     "type": "boolean",
     "default": true,
     "description": "Let the installer use the binary caches of the system's configuration too. Has an effect only where the system is not built ahead: `build_on: remote`, `generate_hardware_config`."
    },
    "from_store": {
     "type": "string",
     "minLength": 1,
     "pattern": "^[A-Za-z0-9+./][^\\s]*$",
     "description": "Nix store that the system is copied from, in place of this machine's; nixos-anywhere calls it `--from`.",
     "examples": [
      "https://cache.example.com"
     ]
    },
    "ssh_store_settings": {
     "type": "array",
     "description": "Settings of the store in the installer, as Nix sees it through SSH (`nix help-stores`).",
     "items": {
      "type": "string",
      "pattern": "^(compress|path-info-cache-size|priority|remote-program|system-features|want-mass-query)=[^\\u0000-\\u001f]+$",
      "description": "`name=value`.",
      "examples": [
       "compress=false"
      ]
     }
    },
    "print_build_logs": {
     "type": "boolean",
     "default": false,
     "description": "Print the whole logs of what is built in the installer; what is built on this machine is logged in any case."
    },
    "show_trace": {
     "type": "boolean",
     "default": false,
     "description": "Show the whole trace of a failed evaluation."
    },
    "reinstall": {
     "type": "boolean",
     "default": false,
     "description": "Install although the disks of the machine that runs the installer hold something. This wipes them, unless `disko_mode` is `mount`. Needed for anything that this tool cannot know to be its own unfinished work: after another boot of the installer disks with a system, with other files, encrypted or in a pool; new volumes of thick LVM that show old data. A host that is installed already is left alone all the same."
    },
    "extra_files": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Folder whose content is copied to the new system's root."
    },
    "chown": {
     "type": "array",
     "description": "Owners of files and folders of the new system, recursively; those of `extra_files` are root's otherwise.",
     "items": {
      "type": "object",
      "additionalProperties": false,
      "title": "Ownership",
      "required": [
       "path",
       "owner"
      ],
      "properties": {
       "path": {
        "type": "string",
        "pattern": "^/(?!.*(^|/)\\.\\.(/|$))[^\\u0000-\\u001f]+$",
        "description": "Path in the new system.",
        "examples": [
         "/var/lib/alice"
        ]
       },
       "owner": {
        "type": "string",
        "pattern": "^[0-9]+:[0-9]+$",
        "description": "Ids of user and group: names are not known yet.",
        "examples": [
         "1000:100"
        ]
       }
      }
     }
    },
    "disk_encryption_keys": {
     "type": "array",
     "description": "Key files for disko, put on the installer before it formats.",
     "items": {
      "type": "object",
      "additionalProperties": false,
      "title": "DiskEncryptionKey",
      "required": [
       "remote",
       "local"
      ],
      "properties": {
       "remote": {
        "type": "string",
        "pattern": "^/[A-Za-z0-9._/-]+$",
        "description": "Path in the installer.",
        "examples": [
         "/tmp/disk.key"
        ]
       },
       "local": {
        "type": "string",
        "x-path": true,
        "minLength": 1,
        "description": "File on this machine."
       }
      }
     }
    },
    "generate_host_key": {
     "type": "boolean",
     "default": true,
     "description": "Make the new system's SSH host key here and ship it, so that the first login to it is verified. Without it, or where `extra_files` has one, that key is kept."
    },
    "host_key_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Private ed25519 key, without a passphrase, that becomes the new system's SSH host key, in place of one that is made. For hosts whose secrets are encrypted for a key that is kept elsewhere."
    },
    "copy_host_keys": {
     "type": "boolean",
     "default": false,
     "description": "Give the new system the installer's SSH host keys. Needs `generate_host_key: false`."
    },
    "age_recipient": {
     "type": "boolean",
     "default": false,
     "description": "State the age recipient of the new system's SSH host key in the result, for sops."
    },
    "ssh_config": {
     "type": "boolean",
     "default": false,
     "description": "State an entry for ~/.ssh/config in the result."
    },
    "nixos_anywhere": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "The nixos-anywhere program. Unless given: from PATH, else `nix run` of the pinned version.",
     "x-env": [
      "NCI_NIXOS_ANYWHERE"
     ]
    },
    "ssh_options": {
     "type": "array",
     "description": "Options for the SSH connections of nixos-anywhere and Nix. Those that say whom to connect to, and how the host is verified, are not among them.",
     "items": {
      "type": "string",
      "pattern": "^(AddressFamily|BindAddress|BindInterface|Ciphers|Compression|ConnectionAttempts|ConnectTimeout|IPQoS|KexAlgorithms|LogLevel|MACs|PubkeyAcceptedAlgorithms|RekeyLimit|ServerAliveCountMax|ServerAliveInterval|TCPKeepAlive)=[^\\u0000-\\u001f]+$",
      "description": "`Name=value`.",
      "examples": [
       "Compression=yes",
       "ConnectTimeout=30"
      ]
     }
    },
    "nix_options": {
     "type": "object",
     "additionalProperties": {
      "type": "string"
     },
     "description": "Options for Nix, name to value.",
     "examples": [
      {
       "cores": "4"
      }
     ]
    },
    "silence_timeout": {
     "type": "number",
     "minimum": 1,
     "default": 1800,
     "description": "Seconds that the installation may go without any output.",
     "maximum": 604800
    },
    "log_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File that gets everything the installation prints, secrets masked; each run is appended."
    },
    "system_ssh_user": {
     "type": "string",
     "pattern": "^[a-z_][a-z0-9_-]*$",
     "description": "User to log in to the installed system as, where it is not `ssh_user`."
    },
    "system_ssh_host": {
     "type": "string",
     "minLength": 1,
     "description": "Address of the installed system, where it is another than the installer's."
    },
    "boot_timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "default": 600,
     "description": "Seconds from a start or reboot to the login."
    },
    "iso_storage": {
     "type": "string",
     "description": "Storage for the installer ISO.",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
     "default": "local"
    },
    "iso": {
     "type": "string",
     "description": "Volume id of an installer ISO that is on the storage already, in place of getting one.",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*:iso/[^\\s/,]+$"
    },
    "install_timeout": {
     "type": "number",
     "description": "Seconds that the installation may take.",
     "exclusiveMinimum": 0,
     "default": 7200,
     "maximum": 604800
    },
    "timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "description": "Seconds that the whole step may take."
    },
    "detach": {
     "type": "string",
     "enum": [
      "cold",
      "hot",
      "keep"
     ],
     "default": "cold",
     "description": "How ISO and cloud-init drive go: `cold` with the VM off between installer and system, `hot` after the reboot, or `keep`."
    },
    "on_failure": {
     "type": "string",
     "enum": [
      "keep",
      "destroy"
     ],
     "default": "keep",
     "description": "What becomes of a VM that this run created, when a later step fails."
    }
   }
  },
  "output": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "The provisioned host",
   "type": "object",
   "additionalProperties": false,
   "required": [
    "name",
    "steps",
    "seconds"
   ],
   "properties": {
    "name": {
     "type": "string",
     "description": "Name."
    },
    "vmid": {
     "type": "integer",
     "description": "Id of the VM.",
     "minimum": 100,
     "maximum": 999999999
    },
    "node": {
     "type": "string",
     "description": "Node that has the VM."
    },
    "host": {
     "type": "string",
     "description": "Address."
    },
    "port": {
     "type": "integer",
     "description": "Port.",
     "minimum": 1,
     "maximum": 65535
    },
    "user": {
     "type": "string",
     "description": "User."
    },
    "system": {
     "type": "string",
     "description": "`/run/current-system`, as the host states it."
    },
    "host_key": {
     "type": "string",
     "description": "Its public SSH host key."
    },
    "known_hosts": {
     "type": "array",
     "items": {
      "type": "string",
      "description": "A line."
     },
     "description": "Lines for a known_hosts file."
    },
    "system_state": {
     "type": "string",
     "enum": [
      "running",
      "degraded",
      "starting",
      "unknown"
     ],
     "description": "What `systemctl is-system-running` says there, where it runs by now."
    },
    "age_recipient": {
     "type": "string",
     "description": "age recipient of the host key, on request."
    },
    "ssh_config": {
     "type": "string",
     "description": "Entry for ~/.ssh/config, on request."
    },
    "steps": {
     "type": "array",
     "items": {
      "type": "object",
      "title": "StepSummary",
      "additionalProperties": false,
      "required": [
       "step",
       "status",
       "seconds",
       "began"
      ],
      "description": "A step.",
      "properties": {
       "step": {
        "type": "string",
        "description": "Step."
       },
       "status": {
        "type": "string",
        "description": "How it ended.",
        "enum": [
         "changed",
         "done",
         "unchanged",
         "planned",
         "skipped",
         "failed"
        ]
       },
       "seconds": {
        "type": "number",
        "description": "Seconds.",
        "minimum": 0
       },
       "waited": {
        "type": "number",
        "description": "Seconds of them that it waited for other hosts of the batch.",
        "minimum": 0
       },
       "began": {
        "type": "number",
        "description": "Seconds after the start of the run.",
        "minimum": 0
       },
       "diff": {
        "type": "array",
        "items": {
         "type": "object",
         "additionalProperties": true
        },
        "description": "What it changed or would change."
       }
      }
     },
     "description": "The steps, in order."
    },
    "seconds": {
     "type": "number",
     "description": "Seconds in all.",
     "minimum": 0
    }
   }
  }
 },
 "batch": {
  "input": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "Provision the hosts of an inventory",
   "type": "object",
   "x-command": "provision --inventory",
   "x-summary": "All steps for every host of an Ansible inventory: shared work once, many hosts at once.",
   "x-examples": [
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
   "additionalProperties": false,
   "required": [
    "inventory"
   ],
   "properties": {
    "inventory": {
     "type": "string",
     "minLength": 1,
     "x-path": true,
     "description": "Ansible inventory: a file, a folder, a script; several with commas between them."
    },
    "limit": {
     "type": "string",
     "description": "Pattern of the hosts to take, as Ansible has it: `web:!web3`, `db*`, `@retry.txt`."
    },
    "inventory_reader": {
     "type": "string",
     "enum": [
      "auto",
      "ansible",
      "yaml"
     ],
     "default": "auto",
     "description": "Who reads it: Ansible, where it is installed, or this program, which knows YAML without templates."
    },
    "vault_password_file": {
     "type": "string",
     "minLength": 1,
     "x-path": true,
     "description": "File with the password of vaulted values, or a script that prints it."
    },
    "ansible_playbook": {
     "type": "string",
     "minLength": 1,
     "x-path": true,
     "description": "The `ansible-playbook` that reads it; else the one in PATH."
    },
    "values": {
     "type": "object",
     "additionalProperties": true,
     "description": "Values for every host; they win over those of the inventory."
    },
    "forks": {
     "type": "integer",
     "minimum": 1,
     "maximum": 1000,
     "default": 20,
     "description": "Hosts at once."
    },
    "max_failures": {
     "type": "integer",
     "minimum": 1,
     "maximum": 100000,
     "description": "After so many hosts have failed no other is begun; those under way are finished."
    },
    "host_timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "description": "Seconds that each host may take."
    },
    "timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "description": "Seconds that the whole step may take."
    },
    "uploads_per_node": {
     "type": "integer",
     "minimum": 1,
     "maximum": 100,
     "default": 1,
     "description": "ISO uploads at once to a node."
    },
    "creates_per_storage": {
     "type": "integer",
     "minimum": 1,
     "maximum": 100,
     "default": 4,
     "description": "VMs that are created at once on a storage."
    },
    "installs": {
     "type": "integer",
     "minimum": 1,
     "maximum": 1000,
     "default": 8,
     "description": "Hosts that are installed at once: each copies its closure from this machine."
    },
    "journal": {
     "type": "boolean",
     "default": true,
     "description": "Believe the notes of earlier runs of this machine where the cluster's listing agrees with them, and not ask for each VM."
    },
    "log_dir": {
     "type": "string",
     "minLength": 1,
     "x-path": true,
     "description": "Folder for the logs, two for each host: what was done (`HOST.log`), and all that the installation prints (`HOST.install.log`). Unless given, one in the state folder of the user, where logs are kept for 90 days."
    },
    "report_file": {
     "type": "string",
     "minLength": 1,
     "x-path": true,
     "description": "File that gets the JSON report."
    },
    "timeline_file": {
     "type": "string",
     "minLength": 1,
     "x-path": true,
     "description": "File that gets an HTML page with the timeline of all hosts and steps."
    }
   }
  },
  "output": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "The provisioned hosts",
   "type": "object",
   "additionalProperties": false,
   "required": [
    "hosts",
    "counts",
    "seconds",
    "began"
   ],
   "properties": {
    "hosts": {
     "type": "array",
     "description": "The hosts, in the order of the inventory.",
     "items": {
      "type": "object",
      "title": "Host",
      "additionalProperties": false,
      "required": [
       "name",
       "state",
       "seconds",
       "steps"
      ],
      "description": "A host.",
      "properties": {
       "name": {
        "type": "string",
        "description": "Its name in the inventory."
       },
       "state": {
        "type": "string",
        "enum": [
         "changed",
         "unchanged",
         "planned",
         "failed",
         "interrupted",
         "not_begun"
        ],
        "description": "How it ended."
       },
       "vmid": {
        "type": "integer",
        "description": "Id of the VM.",
        "minimum": 100,
        "maximum": 999999999
       },
       "node": {
        "type": "string",
        "description": "Node that has the VM."
       },
       "host": {
        "type": "string",
        "description": "Address."
       },
       "port": {
        "type": "integer",
        "description": "Port.",
        "minimum": 1,
        "maximum": 65535
       },
       "user": {
        "type": "string",
        "description": "User."
       },
       "system": {
        "type": "string",
        "description": "`/run/current-system`, as the host states it."
       },
       "host_key": {
        "type": "string",
        "description": "Its public SSH host key."
       },
       "log_file": {
        "type": "string",
        "description": "Its log."
       },
       "began": {
        "type": "number",
        "minimum": 0,
        "description": "Seconds after the start of the batch."
       },
       "seconds": {
        "type": "number",
        "minimum": 0,
        "description": "Seconds that it took."
       },
       "steps": {
        "type": "array",
        "description": "Its steps, in order.",
        "items": {
         "type": "object",
         "title": "Step",
         "additionalProperties": false,
         "required": [
          "step",
          "status",
          "seconds",
          "began"
         ],
         "description": "A step.",
         "properties": {
          "step": {
           "type": "string",
           "description": "Step."
          },
          "status": {
           "type": "string",
           "description": "How it ended.",
           "enum": [
            "changed",
            "done",
            "unchanged",
            "planned",
            "skipped",
            "failed"
           ]
          },
          "seconds": {
           "type": "number",
           "description": "Seconds.",
           "minimum": 0
          },
          "waited": {
           "type": "number",
           "description": "Seconds of them that it waited for other hosts.",
           "minimum": 0
          },
          "began": {
           "type": "number",
           "description": "Seconds after the start of the batch.",
           "minimum": 0
          },
          "diff": {
           "type": "array",
           "items": {
            "type": "object",
            "additionalProperties": true
           },
           "description": "What it changed or would change."
          }
         }
        }
       },
       "warnings": {
        "type": "array",
        "items": {
         "type": "string",
         "description": "A warning."
        },
        "description": "What should be known of it."
       },
       "error": {
        "type": "object",
        "additionalProperties": true,
        "description": "Why it failed: `code`, `message`, `hint`, `retryable`, `details`."
       }
      }
     }
    },
    "shared": {
     "type": "array",
     "description": "Work that hosts had in common.",
     "items": {
      "type": "object",
      "title": "Shared",
      "additionalProperties": false,
      "required": [
       "step",
       "title",
       "status",
       "seconds",
       "began",
       "hosts"
      ],
      "description": "A piece of work.",
      "properties": {
       "step": {
        "type": "string",
        "description": "Step."
       },
       "title": {
        "type": "string",
        "description": "What it is for: a storage, an architecture."
       },
       "status": {
        "type": "string",
        "description": "How it ended.",
        "enum": [
         "changed",
         "done",
         "unchanged",
         "planned",
         "skipped",
         "failed"
        ]
       },
       "seconds": {
        "type": "number",
        "description": "Seconds.",
        "minimum": 0
       },
       "began": {
        "type": "number",
        "description": "Seconds after the start of the batch.",
        "minimum": 0
       },
       "hosts": {
        "type": "integer",
        "minimum": 0,
        "description": "Hosts that need it."
       },
       "error": {
        "type": "object",
        "additionalProperties": true,
        "description": "Why it failed."
       }
      }
     }
    },
    "demand": {
     "type": "array",
     "description": "What the VMs yet to be created ask of each node, in check mode.",
     "items": {
      "type": "object",
      "title": "Demand",
      "additionalProperties": false,
      "required": [
       "node",
       "vms",
       "cores",
       "memory",
       "storages"
      ],
      "description": "A node.",
      "properties": {
       "node": {
        "type": "string",
        "description": "Node."
       },
       "vms": {
        "type": "integer",
        "minimum": 0,
        "description": "VMs to be created there."
       },
       "cores": {
        "type": "integer",
        "minimum": 0,
        "description": "Their cores."
       },
       "cores_of_node": {
        "type": "integer",
        "minimum": 0,
        "description": "Cores of the node."
       },
       "memory": {
        "type": "integer",
        "minimum": 0,
        "description": "Their memory, in MiB."
       },
       "memory_free": {
        "type": "integer",
        "minimum": 0,
        "description": "Memory that the node has free, in MiB."
       },
       "storages": {
        "type": "array",
        "description": "Space that they ask of storages.",
        "items": {
         "type": "object",
         "additionalProperties": false,
         "required": [
          "storage",
          "bytes"
         ],
         "description": "A storage.",
         "properties": {
          "storage": {
           "type": "string",
           "description": "Storage."
          },
          "bytes": {
           "type": "integer",
           "minimum": 0,
           "description": "Bytes of their disks."
          },
          "free": {
           "type": "integer",
           "minimum": 0,
           "description": "Bytes that are free."
          },
          "thin": {
           "type": "boolean",
           "description": "It gives space only to what is written."
          }
         }
        }
       }
      }
     }
    },
    "counts": {
     "type": "object",
     "additionalProperties": false,
     "description": "Hosts by how they ended.",
     "properties": {
      "changed": {
       "type": "integer",
       "minimum": 0,
       "description": "Provisioned."
      },
      "unchanged": {
       "type": "integer",
       "minimum": 0,
       "description": "Nothing to do."
      },
      "planned": {
       "type": "integer",
       "minimum": 0,
       "description": "To be provisioned."
      },
      "failed": {
       "type": "integer",
       "minimum": 0,
       "description": "Failed."
      },
      "interrupted": {
       "type": "integer",
       "minimum": 0,
       "description": "Interrupted."
      },
      "not_begun": {
       "type": "integer",
       "minimum": 0,
       "description": "Not begun."
      }
     },
     "required": [
      "changed",
      "unchanged",
      "planned",
      "failed",
      "interrupted",
      "not_begun"
     ]
    },
    "began": {
     "type": "string",
     "description": "When it began, as ISO 8601 has it."
    },
    "seconds": {
     "type": "number",
     "description": "Seconds in all.",
     "minimum": 0
    },
    "report_file": {
     "type": "string",
     "description": "The JSON report."
    },
    "timeline_file": {
     "type": "string",
     "description": "The HTML page."
    }
   }
  }
 },
 "teardown": {
  "input": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "Destroy the VMs of an inventory's hosts",
   "type": "object",
   "x-command": "vm destroy --inventory",
   "x-summary": "Destroy the VMs of an inventory's hosts: only those that this tool created, after a confirmation.",
   "x-examples": [
    {
     "title": "the VMs of a group, without asking",
     "input": {
      "inventory": "inventory",
      "limit": "test",
      "yes": true
     }
    }
   ],
   "additionalProperties": false,
   "required": [
    "inventory"
   ],
   "properties": {
    "inventory": {
     "type": "string",
     "minLength": 1,
     "x-path": true,
     "description": "Ansible inventory: a file, a folder, a script; several with commas between them."
    },
    "limit": {
     "type": "string",
     "description": "Pattern of the hosts to take, as Ansible has it: `web:!web3`, `db*`, `@retry.txt`."
    },
    "inventory_reader": {
     "type": "string",
     "enum": [
      "auto",
      "ansible",
      "yaml"
     ],
     "default": "auto",
     "description": "Who reads it: Ansible, where it is installed, or this program, which knows YAML without templates."
    },
    "vault_password_file": {
     "type": "string",
     "minLength": 1,
     "x-path": true,
     "description": "File with the password of vaulted values, or a script that prints it."
    },
    "ansible_playbook": {
     "type": "string",
     "minLength": 1,
     "x-path": true,
     "description": "The `ansible-playbook` that reads it; else the one in PATH."
    },
    "values": {
     "type": "object",
     "additionalProperties": true,
     "description": "Values for every host; they win over those of the inventory."
    },
    "forks": {
     "type": "integer",
     "minimum": 1,
     "maximum": 1000,
     "default": 20,
     "description": "Hosts at once."
    },
    "max_failures": {
     "type": "integer",
     "minimum": 1,
     "maximum": 100000,
     "description": "After so many hosts have failed no other is begun; those under way are finished."
    },
    "host_timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "description": "Seconds that each host may take."
    },
    "timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "description": "Seconds that the whole step may take."
    },
    "yes": {
     "type": "boolean",
     "default": false,
     "description": "Do not ask; needed where there is no terminal to ask on."
    },
    "stop": {
     "type": "boolean",
     "default": true,
     "description": "Pull the plug of those that run; else they are left alone."
    },
    "unreferenced": {
     "type": "boolean",
     "default": false,
     "description": "Remove disks of the VMs that their configurations do not name any more as well."
    }
   }
  },
  "output": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "The destroyed VMs",
   "type": "object",
   "additionalProperties": false,
   "required": [
    "hosts",
    "seconds"
   ],
   "properties": {
    "hosts": {
     "type": "array",
     "description": "The hosts, in the order of the inventory.",
     "items": {
      "type": "object",
      "title": "Host",
      "additionalProperties": false,
      "required": [
       "name",
       "state"
      ],
      "description": "A host.",
      "properties": {
       "name": {
        "type": "string",
        "description": "Its name in the inventory."
       },
       "state": {
        "type": "string",
        "enum": [
         "destroyed",
         "planned",
         "absent",
         "failed",
         "not_begun"
        ],
        "description": "What became of it."
       },
       "vmid": {
        "type": "integer",
        "description": "Id of the VM.",
        "minimum": 100,
        "maximum": 999999999
       },
       "node": {
        "type": "string",
        "description": "Node that has, or had, the VM."
       },
       "unreferenced": {
        "type": "array",
        "items": {
         "type": "string",
         "description": "Volume id."
        },
        "description": "Volumes that carry the VM's id and that its configuration did not name: left alone unless asked."
       },
       "error": {
        "type": "object",
        "additionalProperties": true,
        "description": "Why it was not destroyed: `code`, `message`, `hint`."
       }
      }
     }
    },
    "seconds": {
     "type": "number",
     "description": "Seconds in all.",
     "minimum": 0
    }
   }
  }
 },
 "inventory": {
  "input": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "What of an inventory would be provisioned",
   "type": "object",
   "x-summary": "Print the hosts of an Ansible inventory with the values that they would be provisioned with, secrets masked.",
   "x-examples": [
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
   "additionalProperties": false,
   "required": [
    "inventory"
   ],
   "properties": {
    "inventory": {
     "type": "string",
     "minLength": 1,
     "x-path": true,
     "description": "Ansible inventory: a file, a folder, a script; several with commas between them."
    },
    "limit": {
     "type": "string",
     "description": "Pattern of the hosts to take, as Ansible has it: `web:!web3`, `db*`, `@retry.txt`."
    },
    "inventory_reader": {
     "type": "string",
     "enum": [
      "auto",
      "ansible",
      "yaml"
     ],
     "default": "auto",
     "description": "Who reads it: Ansible, where it is installed, or this program, which knows YAML without templates."
    },
    "vault_password_file": {
     "type": "string",
     "minLength": 1,
     "x-path": true,
     "description": "File with the password of vaulted values, or a script that prints it."
    },
    "ansible_playbook": {
     "type": "string",
     "minLength": 1,
     "x-path": true,
     "description": "The `ansible-playbook` that reads it; else the one in PATH."
    },
    "values": {
     "type": "object",
     "additionalProperties": true,
     "description": "Values for every host; they win over those of the inventory."
    },
    "timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "description": "Seconds that the whole step may take."
    }
   }
  },
  "output": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "The hosts of an inventory",
   "type": "object",
   "additionalProperties": false,
   "required": [
    "hosts",
    "reader"
   ],
   "properties": {
    "hosts": {
     "type": "array",
     "description": "The hosts, in the order of the inventory.",
     "items": {
      "type": "object",
      "title": "Host",
      "additionalProperties": false,
      "required": [
       "name",
       "groups",
       "values",
       "problems"
      ],
      "description": "A host.",
      "properties": {
       "name": {
        "type": "string",
        "description": "Its name in the inventory."
       },
       "groups": {
        "type": "array",
        "items": {
         "type": "string",
         "description": "A group."
        },
        "description": "Its groups."
       },
       "values": {
        "type": "object",
        "additionalProperties": true,
        "description": "Its document for `nci provision`, secrets masked."
       },
       "problems": {
        "type": "array",
        "items": {
         "type": "object",
         "additionalProperties": true,
         "description": "A mistake."
        },
        "description": "What is wrong with it: `code`, `message`, `hint`."
       }
      }
     }
    },
    "reader": {
     "type": "string",
     "enum": [
      "ansible",
      "yaml"
     ],
     "description": "Who read it."
    }
   }
  }
 },
 "doctor": {
  "input": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "Find out what stands in the way of provisioning",
   "type": "object",
   "x-summary": "Check everything that provisioning needs: Proxmox, privileges, storages, bridges, this machine, the flake. Changes nothing.",
   "x-examples": [
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
   "additionalProperties": false,
   "properties": {
    "api_host": {
     "type": "string",
     "minLength": 1,
     "description": "Host name, address or URL of any node of the cluster; or of several, with commas or spaces between them: the next one is used where one cannot be reached.",
     "examples": [
      "pve.example.org",
      "https://pve.example.org:8006",
      "192.0.2.10",
      "[2001:db8::10]",
      "pve1.example.org,pve2.example.org"
     ],
     "x-env": [
      "PROXMOX_HOST",
      "PROXMOX_URL",
      "PROXMOX_VE_ENDPOINT"
     ]
    },
    "api_port": {
     "type": "integer",
     "minimum": 1,
     "maximum": 65535,
     "description": "Port of the API, where `api_host` does not name one. 8006 unless told.",
     "x-env": [
      "PROXMOX_PORT"
     ]
    },
    "api_user": {
     "type": "string",
     "pattern": "^[^\\s:/@]+@[A-Za-z0-9._-]+$",
     "description": "User with realm.",
     "examples": [
      "root@pam",
      "nci@pve"
     ],
     "x-env": [
      "PROXMOX_USER",
      "PROXMOX_VE_USERNAME"
     ]
    },
    "api_password": {
     "type": "string",
     "minLength": 1,
     "description": "Password of `api_user`. An API token is the better choice.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_PASSWORD",
      "PROXMOX_VE_PASSWORD"
     ]
    },
    "api_totp_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of `api_user`'s TOTP, from which the one-time codes of the login are computed: base32, or an otpauth:// URI. API tokens need none.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOTP_SECRET"
     ]
    },
    "api_totp": {
     "type": "string",
     "pattern": "^[0-9]{6,10}$",
     "description": "One code of `api_user`'s TOTP, good for one login. For a terminal; a program gives `api_totp_secret`.",
     "examples": [
      "123456"
     ],
     "x-env": [
      "PROXMOX_TOTP",
      "PROXMOX_VE_OTP"
     ]
    },
    "api_token_id": {
     "type": "string",
     "pattern": "^([^\\s:/@]+@[A-Za-z0-9._-]+!)?[A-Za-z][A-Za-z0-9._-]*$",
     "description": "API token: its name beside `api_user`, or whole as `user@realm!name`.",
     "examples": [
      "nci",
      "nci@pve!nci"
     ],
     "x-env": [
      "PROXMOX_TOKEN_ID"
     ]
    },
    "api_token_secret": {
     "type": "string",
     "minLength": 1,
     "description": "Secret of the API token.",
     "x-secret": true,
     "x-env": [
      "PROXMOX_TOKEN_SECRET"
     ]
    },
    "validate_certs": {
     "type": "boolean",
     "default": true,
     "description": "Verify the server's TLS certificate. Off is reported as a warning.",
     "x-env": [
      "PROXMOX_VALIDATE_CERTS",
      "PROXMOX_VERIFY_SSL"
     ]
    },
    "ca_path": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File with the certificate authorities to trust, in PEM (`/etc/pve/pve-root-ca.pem` of the cluster).",
     "x-env": [
      "PROXMOX_CA_PATH"
     ]
    },
    "api_fingerprint": {
     "type": "string",
     "pattern": "^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}([ ,]+([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2})*$",
     "description": "SHA-256 fingerprint of the server's certificate to trust, as `pvenode cert info` shows it; several, one for each node, with commas or spaces between them. Takes the place of the certificate authorities.",
     "x-env": [
      "PROXMOX_FINGERPRINT"
     ],
     "examples": [
      "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99"
     ]
    },
    "api_timeout": {
     "type": "number",
     "minimum": 1,
     "maximum": 3600,
     "default": 30,
     "description": "Seconds that one API request may go without an answer.",
     "x-env": [
      "PROXMOX_TIMEOUT"
     ]
    },
    "iso_path": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "ISO file on this machine."
    },
    "iso_url": {
     "type": "string",
     "pattern": "^https?://",
     "description": "URL of an ISO. Used where `iso_path` is not given.",
     "examples": [
      "https://example.org/nixos.iso"
     ]
    },
    "iso_release": {
     "type": "string",
     "minLength": 1,
     "default": "latest",
     "description": "Release to download: its tag, or `latest`. Used where neither `iso_path` nor `iso_url` is given.",
     "examples": [
      "latest",
      "v2.10.0"
     ]
    },
    "iso_repository": {
     "type": "string",
     "pattern": "^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$",
     "default": "AnarchoBooleanism/nixos-cloud-init-installer",
     "description": "GitHub repository whose releases hold the ISOs."
    },
    "iso_checksum": {
     "type": "string",
     "pattern": "^(sha256:)?[0-9A-Fa-f]{64}$",
     "description": "SHA-256 that the ISO must have. Unless given, a release's ISO is verified by the digest that GitHub states, or else by the release's `SHA256SUMS`.",
     "examples": [
      "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
     ]
    },
    "cache_dir": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Folder for downloads. Unless given: `$XDG_CACHE_HOME/nixos-cloud-init-installer`.",
     "x-env": [
      "NCI_CACHE_DIR"
     ]
    },
    "github_token": {
     "type": "string",
     "minLength": 1,
     "description": "Token for GitHub's API: lifts its rate limit and opens private repositories.",
     "x-secret": true,
     "x-env": [
      "GITHUB_TOKEN",
      "GH_TOKEN"
     ]
    },
    "github_api_url": {
     "type": "string",
     "pattern": "^https?://",
     "default": "https://api.github.com",
     "description": "GitHub's API; another for GitHub Enterprise.",
     "x-env": [
      "GITHUB_API_URL"
     ]
    },
    "name": {
     "type": "string",
     "pattern": "^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$",
     "maxLength": 253,
     "description": "Name of the VM, a DNS name; also the guest's host name while it is the installer.",
     "examples": [
      "web1",
      "web1.example.org"
     ]
    },
    "node": {
     "type": "string",
     "pattern": "^[A-Za-z0-9][A-Za-z0-9-]*$",
     "description": "Node to create the VM on. May be left out where the cluster has one node.",
     "examples": [
      "pve1"
     ]
    },
    "vmid": {
     "type": "integer",
     "minimum": 100,
     "maximum": 999999999,
     "description": "Id of the VM. Unless given: the next free one."
    },
    "vmid_min": {
     "type": "integer",
     "minimum": 100,
     "maximum": 999999999,
     "description": "Lowest id to choose where `vmid` is not given."
    },
    "vmid_max": {
     "type": "integer",
     "minimum": 100,
     "maximum": 999999999,
     "description": "Highest id to choose where `vmid` is not given."
    },
    "architecture": {
     "type": "string",
     "enum": [
      "x86_64",
      "aarch64"
     ],
     "default": "x86_64",
     "description": "Architecture of the VM and of its installer ISO."
    },
    "cores": {
     "type": "integer",
     "minimum": 1,
     "maximum": 1024,
     "default": 2,
     "description": "CPU cores per socket."
    },
    "sockets": {
     "type": "integer",
     "minimum": 1,
     "maximum": 64,
     "default": 1,
     "description": "CPU sockets."
    },
    "cpu": {
     "type": "string",
     "minLength": 1,
     "description": "CPU type, as Proxmox writes it. Unless given: `x86-64-v2-AES`, or `host` for aarch64; a node of another architecture cannot do `host`, but `max`.",
     "examples": [
      "host",
      "x86-64-v2-AES"
     ]
    },
    "memory": {
     "type": "integer",
     "minimum": 16,
     "maximum": 16777216,
     "default": 2048,
     "description": "Memory in MiB. The installer needs about 1,500."
    },
    "balloon": {
     "type": "integer",
     "minimum": 0,
     "description": "Least memory in MiB that ballooning leaves; 0 switches ballooning off."
    },
    "machine": {
     "type": "string",
     "minLength": 1,
     "description": "Machine type, as Proxmox writes it.",
     "examples": [
      "q35"
     ]
    },
    "bios": {
     "type": "string",
     "enum": [
      "seabios",
      "ovmf"
     ],
     "description": "Firmware. `ovmf` gets an EFI disk, without Secure Boot keys unless `secure_boot` asks for them. Unless given: `seabios`, or `ovmf` for aarch64."
    },
    "secure_boot": {
     "type": "boolean",
     "default": false,
     "description": "Enrol Microsoft's and the distributions' keys in the EFI disk, which switches Secure Boot on. The installer is not signed and does not start then: only for VMs that boot something else first."
    },
    "efi_storage": {
     "type": "string",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
     "description": "Storage for the EFI disk, where it is not `storage`."
    },
    "tpm": {
     "type": "string",
     "enum": [
      "v2.0",
      "v1.2"
     ],
     "description": "Give the VM a TPM of this version."
    },
    "tpm_storage": {
     "type": "string",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
     "description": "Storage for the TPM's state, where it is not `storage`."
    },
    "scsi_controller": {
     "type": "string",
     "enum": [
      "virtio-scsi-single",
      "virtio-scsi-pci",
      "lsi",
      "lsi53c810",
      "megasas",
      "pvscsi"
     ],
     "default": "virtio-scsi-single",
     "description": "SCSI controller."
    },
    "os_type": {
     "type": "string",
     "default": "l26",
     "minLength": 1,
     "description": "Kind of guest system, as Proxmox writes it."
    },
    "storage": {
     "type": "string",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
     "default": "local-lvm",
     "description": "Storage for disks, the EFI disk, the TPM's state and the cloud-init drive.",
     "examples": [
      "local-lvm"
     ]
    },
    "cloud_init_storage": {
     "type": "string",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
     "description": "Storage for the cloud-init drive, where it is not `storage`."
    },
    "disks": {
     "type": "array",
     "maxItems": 16,
     "default": [
      {
       "size": "32G"
      }
     ],
     "description": "Disks, in order; the first is the one that boots.",
     "items": {
      "type": "object",
      "additionalProperties": false,
      "title": "Disk",
      "anyOf": [
       {
        "required": [
         "size"
        ]
       },
       {
        "required": [
         "import_from"
        ]
       }
      ],
      "properties": {
       "size": {
        "type": "string",
        "pattern": "^[1-9][0-9]*(\\.[0-9]+)?[KMGT]$",
        "description": "Size, in powers of 1024. An imported disk has its image's unless a larger one is given.",
        "examples": [
         "32G"
        ]
       },
       "import_from": {
        "type": "string",
        "pattern": "^[A-Za-z][A-Za-z0-9._-]*:[^,\\s]+$",
        "description": "Volume id of an image to fill the disk with, in place of an empty one.",
        "examples": [
         "local:import/data.qcow2"
        ]
       },
       "storage": {
        "type": "string",
        "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
        "description": "Storage, where it is not the VM's `storage`.",
        "examples": [
         "local-lvm"
        ]
       },
       "bus": {
        "type": "string",
        "enum": [
         "scsi",
         "virtio",
         "sata"
        ],
        "default": "scsi",
        "description": "Bus."
       },
       "format": {
        "type": "string",
        "enum": [
         "raw",
         "qcow2",
         "vmdk"
        ],
        "description": "Format of the image, on storages that hold files."
       },
       "discard": {
        "type": "boolean",
        "default": true,
        "description": "Hand discards on to the storage."
       },
       "ssd": {
        "type": "boolean",
        "description": "Present it as a solid-state disk."
       },
       "iothread": {
        "type": "boolean",
        "description": "Give it an I/O thread of its own."
       },
       "cache": {
        "type": "string",
        "enum": [
         "none",
         "writethrough",
         "writeback",
         "unsafe",
         "directsync"
        ],
        "description": "Cache mode."
       },
       "aio": {
        "type": "string",
        "enum": [
         "native",
         "threads",
         "io_uring"
        ],
        "description": "How QEMU does its input and output. Proxmox chooses unless told."
       },
       "backup": {
        "type": "boolean",
        "description": "Whether backups include it."
       },
       "replicate": {
        "type": "boolean",
        "description": "Whether storage replication includes it."
       },
       "serial": {
        "type": "string",
        "pattern": "^[A-Za-z0-9_-]{1,20}$",
        "description": "Serial number that the guest sees."
       }
      }
     }
    },
    "networks": {
     "type": "array",
     "maxItems": 32,
     "default": [
      {
       "bridge": "vmbr0",
       "ip": "dhcp"
      }
     ],
     "description": "Network cards, in order: `eth0`, `eth1`, … in the installer.",
     "items": {
      "type": "object",
      "additionalProperties": false,
      "title": "Network",
      "properties": {
       "bridge": {
        "type": "string",
        "pattern": "^[A-Za-z0-9_.-]{1,63}$",
        "default": "vmbr0",
        "description": "Bridge or SDN vnet of the node.",
        "examples": [
         "vmbr0"
        ]
       },
       "model": {
        "type": "string",
        "enum": [
         "virtio",
         "e1000",
         "e1000e",
         "rtl8139",
         "vmxnet3"
        ],
        "default": "virtio",
        "description": "Model of the card."
       },
       "mac": {
        "type": "string",
        "pattern": "^[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}$",
        "description": "MAC address. Unless given, Proxmox makes one.",
        "examples": [
         "BC:24:11:2C:CE:64"
        ]
       },
       "vlan": {
        "type": "integer",
        "minimum": 1,
        "maximum": 4094,
        "description": "VLAN tag."
       },
       "mtu": {
        "type": "integer",
        "minimum": 1,
        "maximum": 65520,
        "description": "MTU; 1 takes the bridge's."
       },
       "firewall": {
        "type": "boolean",
        "description": "Whether Proxmox's firewall guards it."
       },
       "link_down": {
        "type": "boolean",
        "description": "Whether the card is unplugged."
       },
       "queues": {
        "type": "integer",
        "minimum": 1,
        "maximum": 64,
        "description": "Queues of a virtio card."
       },
       "rate": {
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 1000000,
        "description": "Most that passes through it, in MB a second."
       },
       "trunks": {
        "type": "string",
        "pattern": "^[0-9]{1,4}(-[0-9]{1,4})?(;[0-9]{1,4}(-[0-9]{1,4})?)*$",
        "description": "VLANs that pass through it tagged.",
        "examples": [
         "10;20-30"
        ]
       },
       "ip": {
        "type": "string",
        "pattern": "^(dhcp|([0-9]{1,3}\\.){3}[0-9]{1,3}/([89]|[12][0-9]|3[0-2]))$",
        "description": "IPv4 address of the installer with its prefix length of 8 or more, or `dhcp`.",
        "examples": [
         "192.0.2.21/24",
         "dhcp"
        ]
       },
       "gateway": {
        "type": "string",
        "pattern": "^([0-9]{1,3}\\.){3}[0-9]{1,3}$",
        "description": "IPv4 gateway.",
        "examples": [
         "192.0.2.1"
        ]
       },
       "ip6": {
        "type": "string",
        "pattern": "^(dhcp|auto|[0-9A-Fa-f:.]+/([89]|[1-9][0-9]|1[01][0-9]|12[0-8]))$",
        "description": "IPv6 address of the installer with its prefix length of 8 or more, `dhcp`, or `auto` (SLAAC).",
        "examples": [
         "2001:db8::21/64",
         "auto"
        ]
       },
       "gateway6": {
        "type": "string",
        "pattern": "^[0-9A-Fa-f:.]+$",
        "description": "IPv6 gateway.",
        "examples": [
         "2001:db8::1"
        ]
       }
      }
     }
    },
    "pool": {
     "type": "string",
     "pattern": "^[A-Za-z0-9._/-]+$",
     "description": "Resource pool to put the VM in."
    },
    "tags": {
     "type": "array",
     "items": {
      "type": "string",
      "pattern": "^[A-Za-z0-9_][A-Za-z0-9_+.-]*$"
     },
     "description": "Tags, besides the one that marks VMs of this tool."
    },
    "description": {
     "type": "string",
     "maxLength": 7000,
     "description": "Notes for the VM, in Markdown. A line that marks VMs of this tool is added."
    },
    "agent": {
     "type": "boolean",
     "default": true,
     "description": "Whether the VM has the guest agent's device. Host keys are read through it."
    },
    "serial_console": {
     "type": "boolean",
     "default": true,
     "description": "Whether the VM has a serial console (`qm terminal`)."
    },
    "vga": {
     "type": "string",
     "minLength": 1,
     "description": "Display, as Proxmox writes it.",
     "examples": [
      "std",
      "serial0"
     ]
    },
    "onboot": {
     "type": "boolean",
     "description": "Whether the VM starts with its node."
    },
    "startup": {
     "type": "string",
     "pattern": "^(order=)?[0-9]+(,(up|down)=[0-9]+)*$",
     "description": "Start order, as Proxmox writes it.",
     "examples": [
      "order=2,up=30"
     ]
    },
    "options": {
     "type": "object",
     "additionalProperties": {
      "type": [
       "string",
       "number",
       "boolean"
      ]
     },
     "description": "Any other option of Proxmox's VM configuration, as its API takes it.",
     "examples": [
      {
       "numa": 1,
       "hotplug": "network,disk"
      }
     ]
    },
    "ci_user": {
     "type": "string",
     "pattern": "^[a-z_][a-z0-9_-]*$",
     "description": "User that cloud-init gives the keys to. Unless given: root."
    },
    "ci_password": {
     "type": "string",
     "minLength": 1,
     "description": "Password that cloud-init sets. The installer takes logins by key only. Nobody can read it back: a VM that has one keeps it.",
     "x-secret": true
    },
    "ssh_public_keys": {
     "type": "array",
     "items": {
      "type": "string",
      "pattern": "^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( .*)?$",
      "examples": [
       "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI… me@home"
      ]
     },
     "description": "Public keys that may log in to the installer."
    },
    "nameservers": {
     "type": "array",
     "items": {
      "type": "string",
      "pattern": "^[0-9A-Fa-f:.]+$",
      "examples": [
       "192.0.2.1"
      ]
     },
     "description": "DNS servers. Unless given, the node's own."
    },
    "search_domain": {
     "type": "string",
     "pattern": "^\\S+$",
     "description": "DNS search domain: one; two break the host name in cloud-init."
    },
    "ci_upgrade": {
     "type": "boolean",
     "default": false,
     "description": "Whether cloud-init upgrades packages; NixOS has none."
    },
    "ci_type": {
     "type": "string",
     "enum": [
      "nocloud",
      "configdrive2"
     ],
     "description": "Format of the cloud-init drive. Proxmox chooses `nocloud` for Linux."
    },
    "ci_custom": {
     "type": "string",
     "minLength": 1,
     "description": "Files of your own in place of generated ones, as Proxmox's `cicustom`."
    },
    "ssh_host": {
     "type": "string",
     "minLength": 1,
     "description": "Address to log in to. Unless given: the static address of the first network, else what the guest agent reports."
    },
    "ssh_port": {
     "type": "integer",
     "minimum": 1,
     "maximum": 65535,
     "default": 22,
     "description": "Port of the guest's SSH server."
    },
    "ssh_user": {
     "type": "string",
     "pattern": "^[a-z_][a-z0-9_-]*$",
     "default": "root",
     "description": "User to log in as."
    },
    "ssh_private_key_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Private key to log in with. Unless given: the first of `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa` that exists. An encrypted one without its passphrase is used through the agent, where that has it.",
     "x-env": [
      "NCI_SSH_PRIVATE_KEY_FILE"
     ]
    },
    "ssh_private_key": {
     "type": "string",
     "minLength": 1,
     "description": "Private key to log in with, itself, in place of the file.",
     "x-secret": true,
     "x-env": [
      "NCI_SSH_PRIVATE_KEY"
     ]
    },
    "ssh_private_key_passphrase": {
     "type": "string",
     "minLength": 1,
     "description": "Passphrase of the private key.",
     "x-secret": true,
     "x-env": [
      "NCI_SSH_PRIVATE_KEY_PASSPHRASE"
     ]
    },
    "ssh_agent": {
     "type": "boolean",
     "description": "Whether the keys of the SSH agent (`SSH_AUTH_SOCK`) log in: `true` only they, `false` never; unless given, where there is no key that can be opened."
    },
    "ssh_generate_key": {
     "type": "boolean",
     "default": false,
     "description": "Log in to the installer with a key that is made for the run and never written to a file. For `provision`; the installed system knows only the keys of its flake, so without one of them it is proved by its host key alone."
    },
    "ssh_host_key": {
     "type": "string",
     "pattern": "^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( .*)?$",
     "description": "Public host key that the guest must show. Unless given it is read through the guest agent, or looked up in `ssh_known_hosts_file`; failing that, the first one seen is trusted, with a warning.",
     "examples": [
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI…"
     ]
    },
    "ssh_known_hosts_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File in which the guest's host key is looked up where the guest agent does not tell it.",
     "x-env": [
      "NCI_SSH_KNOWN_HOSTS_FILE"
     ],
     "examples": [
      "~/.ssh/known_hosts"
     ]
    },
    "ssh_host_key_checking": {
     "type": "string",
     "enum": [
      "strict",
      "accept-new"
     ],
     "description": "What becomes of a guest whose host key is not known: `strict` refuses it; `accept-new` trusts the first one seen, with a warning. Unless given: as `accept-new`, after waiting longer for the guest agent to tell the key, and no secrets are handed over.",
     "x-env": [
      "NCI_SSH_HOST_KEY_CHECKING"
     ]
    },
    "ssh_address_map": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "JSON file that says where guests are reached from here, for guests behind port forwards: `{\"192.0.2.7:22\": \"127.0.0.1:2207\"}`; `*` stands for all others. Read at each connection.",
     "x-env": [
      "NCI_SSH_ADDRESS_MAP"
     ]
    },
    "ssh_proxy_jump": {
     "type": "string",
     "minLength": 1,
     "description": "Hosts to jump through on the way to the guest, as for OpenSSH's `ProxyJump`: they are logged in to by `ssh` itself, as the user does it, and must do without asking anything. IPv6 addresses go into brackets. `none`: directly, whatever the configuration says. Unless given: as the configuration of OpenSSH says for the guest's address.",
     "x-env": [
      "NCI_SSH_PROXY_JUMP"
     ],
     "examples": [
      "admin@bastion.example.com:2222"
     ]
    },
    "ssh_config_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Configuration of OpenSSH that says how the guest's address is reached (`ProxyJump`, `ProxyCommand`). Unless given: the user's own; `none`: no configuration.",
     "x-env": [
      "NCI_SSH_CONFIG_FILE"
     ]
    },
    "flake": {
     "type": "string",
     "pattern": "^[^#\\s]+#[^#\\s]+$",
     "description": "Flake and attribute of the system: `nixosConfigurations.<attribute>` of the flake is installed.",
     "examples": [
      ".#web1",
      "github:example/infrastructure#web1"
     ]
    },
    "store_paths": {
     "type": "object",
     "additionalProperties": false,
     "title": "StorePaths",
     "required": [
      "disko_script",
      "system"
     ],
     "description": "The system, already built, in place of `flake`.",
     "properties": {
      "disko_script": {
       "type": "string",
       "pattern": "^/nix/store/[0-9a-z]{32}-[^/\\s]+$",
       "description": "`config.system.build.diskoScript`.",
       "examples": [
        "/nix/store/8psj5i63n5arwd6ssjmws5yha9x223y6-disko"
       ]
      },
      "system": {
       "type": "string",
       "pattern": "^/nix/store/[0-9a-z]{32}-[^/\\s]+$",
       "description": "`config.system.build.toplevel`.",
       "examples": [
        "/nix/store/q99n4jhblf0lv4xg4dlwa5vrvj5mwrgg-nixos-system-web1-26.05"
       ]
      }
     }
    },
    "build_on": {
     "type": "string",
     "enum": [
      "auto",
      "local",
      "remote"
     ],
     "default": "auto",
     "description": "Where the system is built: on this machine (and its remote builders), or in the installer. `auto`: on this machine where its Nix can build for the VM's architecture, itself, by emulation or on a remote builder."
    },
    "disko_mode": {
     "type": "string",
     "enum": [
      "disko",
      "mount"
     ],
     "default": "disko",
     "description": "What disko does with the disks: `disko` wipes, formats and mounts them; `mount` only mounts what is on them, which must be this tool's own work, or `reinstall` set. With `store_paths`: which of disko's scripts that one is."
    },
    "no_disko_deps": {
     "type": "boolean",
     "default": false,
     "description": "Send disko's script without the partitioning tools that it needs: the installer has them. For machines with little memory. Has no effect with `store_paths`."
    },
    "generate_hardware_config": {
     "type": "object",
     "additionalProperties": false,
     "title": "HardwareConfig",
     "required": [
      "backend",
      "path"
     ],
     "description": "Look at the machine's hardware first and write what is found to a file of the flake. The system is then built afterwards, and not ahead.",
     "properties": {
      "backend": {
       "type": "string",
       "enum": [
        "nixos-facter",
        "nixos-generate-config"
       ],
       "description": "The program that looks."
      },
      "path": {
       "type": "string",
       "x-path": true,
       "minLength": 1,
       "description": "File on this machine that is written.",
       "examples": [
        "hosts/web1/facter.json"
       ]
      }
     }
    },
    "substitute_on_destination": {
     "type": "boolean",
     "default": true,
     "description": "Let the installer fetch what it can from binary caches, instead of copying all from this machine."
    },
    "use_machine_substituters": {
     "type": "boolean",
     "default": true,
     "description": "Let the installer use the binary caches of the system's configuration too. Has an effect only where the system is not built ahead: `build_on: remote`, `generate_hardware_config`."
    },
    "from_store": {
     "type": "string",
     "minLength": 1,
     "pattern": "^[A-Za-z0-9+./][^\\s]*$",
     "description": "Nix store that the system is copied from, in place of this machine's; nixos-anywhere calls it `--from`.",
     "examples": [
      "https://cache.example.com"
     ]
    },
    "ssh_store_settings": {
     "type": "array",
     "description": "Settings of the store in the installer, as Nix sees it through SSH (`nix help-stores`).",
     "items": {
      "type": "string",
      "pattern": "^(compress|path-info-cache-size|priority|remote-program|system-features|want-mass-query)=[^\\u0000-\\u001f]+$",
      "description": "`name=value`.",
      "examples": [
       "compress=false"
      ]
     }
    },
    "print_build_logs": {
     "type": "boolean",
     "default": false,
     "description": "Print the whole logs of what is built in the installer; what is built on this machine is logged in any case."
    },
    "show_trace": {
     "type": "boolean",
     "default": false,
     "description": "Show the whole trace of a failed evaluation."
    },
    "reinstall": {
     "type": "boolean",
     "default": false,
     "description": "Install although the disks of the machine that runs the installer hold something. This wipes them, unless `disko_mode` is `mount`. Needed for anything that this tool cannot know to be its own unfinished work: after another boot of the installer disks with a system, with other files, encrypted or in a pool; new volumes of thick LVM that show old data. A host that is installed already is left alone all the same."
    },
    "extra_files": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Folder whose content is copied to the new system's root."
    },
    "chown": {
     "type": "array",
     "description": "Owners of files and folders of the new system, recursively; those of `extra_files` are root's otherwise.",
     "items": {
      "type": "object",
      "additionalProperties": false,
      "title": "Ownership",
      "required": [
       "path",
       "owner"
      ],
      "properties": {
       "path": {
        "type": "string",
        "pattern": "^/(?!.*(^|/)\\.\\.(/|$))[^\\u0000-\\u001f]+$",
        "description": "Path in the new system.",
        "examples": [
         "/var/lib/alice"
        ]
       },
       "owner": {
        "type": "string",
        "pattern": "^[0-9]+:[0-9]+$",
        "description": "Ids of user and group: names are not known yet.",
        "examples": [
         "1000:100"
        ]
       }
      }
     }
    },
    "disk_encryption_keys": {
     "type": "array",
     "description": "Key files for disko, put on the installer before it formats.",
     "items": {
      "type": "object",
      "additionalProperties": false,
      "title": "DiskEncryptionKey",
      "required": [
       "remote",
       "local"
      ],
      "properties": {
       "remote": {
        "type": "string",
        "pattern": "^/[A-Za-z0-9._/-]+$",
        "description": "Path in the installer.",
        "examples": [
         "/tmp/disk.key"
        ]
       },
       "local": {
        "type": "string",
        "x-path": true,
        "minLength": 1,
        "description": "File on this machine."
       }
      }
     }
    },
    "generate_host_key": {
     "type": "boolean",
     "default": true,
     "description": "Make the new system's SSH host key here and ship it, so that the first login to it is verified. Without it, or where `extra_files` has one, that key is kept."
    },
    "host_key_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "Private ed25519 key, without a passphrase, that becomes the new system's SSH host key, in place of one that is made. For hosts whose secrets are encrypted for a key that is kept elsewhere."
    },
    "copy_host_keys": {
     "type": "boolean",
     "default": false,
     "description": "Give the new system the installer's SSH host keys. Needs `generate_host_key: false`."
    },
    "age_recipient": {
     "type": "boolean",
     "default": false,
     "description": "State the age recipient of the new system's SSH host key in the result, for sops."
    },
    "ssh_config": {
     "type": "boolean",
     "default": false,
     "description": "State an entry for ~/.ssh/config in the result."
    },
    "nixos_anywhere": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "The nixos-anywhere program. Unless given: from PATH, else `nix run` of the pinned version.",
     "x-env": [
      "NCI_NIXOS_ANYWHERE"
     ]
    },
    "ssh_options": {
     "type": "array",
     "description": "Options for the SSH connections of nixos-anywhere and Nix. Those that say whom to connect to, and how the host is verified, are not among them.",
     "items": {
      "type": "string",
      "pattern": "^(AddressFamily|BindAddress|BindInterface|Ciphers|Compression|ConnectionAttempts|ConnectTimeout|IPQoS|KexAlgorithms|LogLevel|MACs|PubkeyAcceptedAlgorithms|RekeyLimit|ServerAliveCountMax|ServerAliveInterval|TCPKeepAlive)=[^\\u0000-\\u001f]+$",
      "description": "`Name=value`.",
      "examples": [
       "Compression=yes",
       "ConnectTimeout=30"
      ]
     }
    },
    "nix_options": {
     "type": "object",
     "additionalProperties": {
      "type": "string"
     },
     "description": "Options for Nix, name to value.",
     "examples": [
      {
       "cores": "4"
      }
     ]
    },
    "silence_timeout": {
     "type": "number",
     "minimum": 1,
     "default": 1800,
     "description": "Seconds that the installation may go without any output.",
     "maximum": 604800
    },
    "log_file": {
     "type": "string",
     "x-path": true,
     "minLength": 1,
     "description": "File that gets everything the installation prints, secrets masked; each run is appended."
    },
    "system_ssh_user": {
     "type": "string",
     "pattern": "^[a-z_][a-z0-9_-]*$",
     "description": "User to log in to the installed system as, where it is not `ssh_user`."
    },
    "system_ssh_host": {
     "type": "string",
     "minLength": 1,
     "description": "Address of the installed system, where it is another than the installer's."
    },
    "boot_timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "default": 600,
     "description": "Seconds from a start or reboot to the login."
    },
    "iso_storage": {
     "type": "string",
     "description": "Storage for the installer ISO.",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
     "default": "local"
    },
    "iso": {
     "type": "string",
     "description": "Volume id of an installer ISO that is on the storage already, in place of getting one.",
     "pattern": "^[A-Za-z][A-Za-z0-9._-]*:iso/[^\\s/,]+$"
    },
    "install_timeout": {
     "type": "number",
     "description": "Seconds that the installation may take.",
     "exclusiveMinimum": 0,
     "default": 7200,
     "maximum": 604800
    },
    "detach": {
     "type": "string",
     "enum": [
      "cold",
      "hot",
      "keep"
     ],
     "default": "cold",
     "description": "How ISO and cloud-init drive go: `cold` with the VM off between installer and system, `hot` after the reboot, or `keep`."
    },
    "on_failure": {
     "type": "string",
     "enum": [
      "keep",
      "destroy"
     ],
     "default": "keep",
     "description": "What becomes of a VM that this run created, when a later step fails."
    },
    "timeout": {
     "type": "number",
     "exclusiveMinimum": 0,
     "maximum": 604800,
     "description": "Seconds that the whole step may take."
    },
    "via": {
     "type": "string",
     "enum": [
      "engine",
      "proxmox"
     ],
     "default": "engine",
     "description": "How the ISO would get on its storage: this program sends it, or Proxmox fetches a URL itself."
    }
   }
  },
  "output": {
   "$schema": "https://json-schema.org/draft/2020-12/schema",
   "title": "What was found",
   "type": "object",
   "additionalProperties": false,
   "required": [
    "healthy",
    "checks",
    "commands"
   ],
   "properties": {
    "healthy": {
     "type": "boolean",
     "description": "Whether no check failed. Where one did, the document is a failure with the code `DOCTOR_FOUND_PROBLEMS`, and `checks` and `commands` are in its `error.details`."
    },
    "checks": {
     "type": "array",
     "description": "All checks, in order.",
     "items": {
      "type": "object",
      "title": "Check",
      "additionalProperties": false,
      "required": [
       "id",
       "group",
       "title",
       "status",
       "message"
      ],
      "properties": {
       "id": {
        "type": "string",
        "description": "What was checked, for programs: `login`, `privileges.vm.create`, `storage.iso.local`."
       },
       "group": {
        "type": "string",
        "description": "Part of the report: `Proxmox`, `Permissions`, `Storage`, …"
       },
       "title": {
        "type": "string",
        "description": "What was checked, for people."
       },
       "status": {
        "type": "string",
        "enum": [
         "ok",
         "warning",
         "failed",
         "skipped"
        ],
        "description": "How it came out. `skipped`: it could not be looked at, or is of no concern."
       },
       "message": {
        "type": "string",
        "description": "What was found."
       },
       "hint": {
        "type": "string",
        "description": "What to do about it."
       },
       "details": {
        "type": "object",
        "additionalProperties": true,
        "description": "The same as values."
       }
      }
     }
    },
    "commands": {
     "type": "array",
     "description": "Commands for a root shell of a node that mend what such commands can mend: privileges, content types.",
     "items": {
      "type": "string",
      "description": "A command."
     }
    }
   }
  }
 },
 "host": {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "One host: the installer, the VM, the installation",
  "type": "object",
  "additionalProperties": false,
  "required": [
   "name"
  ],
  "anyOf": [
   {
    "required": [
     "flake"
    ]
   },
   {
    "required": [
     "store_paths"
    ]
   }
  ],
  "properties": {
   "iso_path": {
    "type": "string",
    "x-path": true,
    "minLength": 1,
    "description": "ISO file on this machine."
   },
   "iso_url": {
    "type": "string",
    "pattern": "^https?://",
    "description": "URL of an ISO. Used where `iso_path` is not given.",
    "examples": [
     "https://example.org/nixos.iso"
    ]
   },
   "iso_release": {
    "type": "string",
    "minLength": 1,
    "default": "latest",
    "description": "Release to download: its tag, or `latest`. Used where neither `iso_path` nor `iso_url` is given.",
    "examples": [
     "latest",
     "v2.10.0"
    ]
   },
   "iso_repository": {
    "type": "string",
    "pattern": "^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$",
    "default": "AnarchoBooleanism/nixos-cloud-init-installer",
    "description": "GitHub repository whose releases hold the ISOs."
   },
   "iso_checksum": {
    "type": "string",
    "pattern": "^(sha256:)?[0-9A-Fa-f]{64}$",
    "description": "SHA-256 that the ISO must have. Unless given, a release's ISO is verified by the digest that GitHub states, or else by the release's `SHA256SUMS`.",
    "examples": [
     "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    ]
   },
   "cache_dir": {
    "type": "string",
    "x-path": true,
    "minLength": 1,
    "description": "Folder for downloads. Unless given: `$XDG_CACHE_HOME/nixos-cloud-init-installer`.",
    "x-env": [
     "NCI_CACHE_DIR"
    ]
   },
   "github_token": {
    "type": "string",
    "minLength": 1,
    "description": "Token for GitHub's API: lifts its rate limit and opens private repositories.",
    "x-secret": true,
    "x-env": [
     "GITHUB_TOKEN",
     "GH_TOKEN"
    ]
   },
   "github_api_url": {
    "type": "string",
    "pattern": "^https?://",
    "default": "https://api.github.com",
    "description": "GitHub's API; another for GitHub Enterprise.",
    "x-env": [
     "GITHUB_API_URL"
    ]
   },
   "name": {
    "type": "string",
    "pattern": "^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$",
    "maxLength": 253,
    "description": "Name of the VM, a DNS name; also the guest's host name while it is the installer.",
    "examples": [
     "web1",
     "web1.example.org"
    ]
   },
   "node": {
    "type": "string",
    "pattern": "^[A-Za-z0-9][A-Za-z0-9-]*$",
    "description": "Node to create the VM on. May be left out where the cluster has one node.",
    "examples": [
     "pve1"
    ]
   },
   "vmid": {
    "type": "integer",
    "minimum": 100,
    "maximum": 999999999,
    "description": "Id of the VM. Unless given: the next free one."
   },
   "vmid_min": {
    "type": "integer",
    "minimum": 100,
    "maximum": 999999999,
    "description": "Lowest id to choose where `vmid` is not given."
   },
   "vmid_max": {
    "type": "integer",
    "minimum": 100,
    "maximum": 999999999,
    "description": "Highest id to choose where `vmid` is not given."
   },
   "architecture": {
    "type": "string",
    "enum": [
     "x86_64",
     "aarch64"
    ],
    "default": "x86_64",
    "description": "Architecture of the VM and of its installer ISO."
   },
   "cores": {
    "type": "integer",
    "minimum": 1,
    "maximum": 1024,
    "default": 2,
    "description": "CPU cores per socket."
   },
   "sockets": {
    "type": "integer",
    "minimum": 1,
    "maximum": 64,
    "default": 1,
    "description": "CPU sockets."
   },
   "cpu": {
    "type": "string",
    "minLength": 1,
    "description": "CPU type, as Proxmox writes it. Unless given: `x86-64-v2-AES`, or `host` for aarch64; a node of another architecture cannot do `host`, but `max`.",
    "examples": [
     "host",
     "x86-64-v2-AES"
    ]
   },
   "memory": {
    "type": "integer",
    "minimum": 16,
    "maximum": 16777216,
    "default": 2048,
    "description": "Memory in MiB. The installer needs about 1,500."
   },
   "balloon": {
    "type": "integer",
    "minimum": 0,
    "description": "Least memory in MiB that ballooning leaves; 0 switches ballooning off."
   },
   "machine": {
    "type": "string",
    "minLength": 1,
    "description": "Machine type, as Proxmox writes it.",
    "examples": [
     "q35"
    ]
   },
   "bios": {
    "type": "string",
    "enum": [
     "seabios",
     "ovmf"
    ],
    "description": "Firmware. `ovmf` gets an EFI disk, without Secure Boot keys unless `secure_boot` asks for them. Unless given: `seabios`, or `ovmf` for aarch64."
   },
   "secure_boot": {
    "type": "boolean",
    "default": false,
    "description": "Enrol Microsoft's and the distributions' keys in the EFI disk, which switches Secure Boot on. The installer is not signed and does not start then: only for VMs that boot something else first."
   },
   "efi_storage": {
    "type": "string",
    "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
    "description": "Storage for the EFI disk, where it is not `storage`."
   },
   "tpm": {
    "type": "string",
    "enum": [
     "v2.0",
     "v1.2"
    ],
    "description": "Give the VM a TPM of this version."
   },
   "tpm_storage": {
    "type": "string",
    "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
    "description": "Storage for the TPM's state, where it is not `storage`."
   },
   "scsi_controller": {
    "type": "string",
    "enum": [
     "virtio-scsi-single",
     "virtio-scsi-pci",
     "lsi",
     "lsi53c810",
     "megasas",
     "pvscsi"
    ],
    "default": "virtio-scsi-single",
    "description": "SCSI controller."
   },
   "os_type": {
    "type": "string",
    "default": "l26",
    "minLength": 1,
    "description": "Kind of guest system, as Proxmox writes it."
   },
   "storage": {
    "type": "string",
    "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
    "default": "local-lvm",
    "description": "Storage for disks, the EFI disk, the TPM's state and the cloud-init drive.",
    "examples": [
     "local-lvm"
    ]
   },
   "cloud_init_storage": {
    "type": "string",
    "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
    "description": "Storage for the cloud-init drive, where it is not `storage`."
   },
   "disks": {
    "type": "array",
    "maxItems": 16,
    "default": [
     {
      "size": "32G"
     }
    ],
    "description": "Disks, in order; the first is the one that boots.",
    "items": {
     "type": "object",
     "additionalProperties": false,
     "title": "Disk",
     "anyOf": [
      {
       "required": [
        "size"
       ]
      },
      {
       "required": [
        "import_from"
       ]
      }
     ],
     "properties": {
      "size": {
       "type": "string",
       "pattern": "^[1-9][0-9]*(\\.[0-9]+)?[KMGT]$",
       "description": "Size, in powers of 1024. An imported disk has its image's unless a larger one is given.",
       "examples": [
        "32G"
       ]
      },
      "import_from": {
       "type": "string",
       "pattern": "^[A-Za-z][A-Za-z0-9._-]*:[^,\\s]+$",
       "description": "Volume id of an image to fill the disk with, in place of an empty one.",
       "examples": [
        "local:import/data.qcow2"
       ]
      },
      "storage": {
       "type": "string",
       "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
       "description": "Storage, where it is not the VM's `storage`.",
       "examples": [
        "local-lvm"
       ]
      },
      "bus": {
       "type": "string",
       "enum": [
        "scsi",
        "virtio",
        "sata"
       ],
       "default": "scsi",
       "description": "Bus."
      },
      "format": {
       "type": "string",
       "enum": [
        "raw",
        "qcow2",
        "vmdk"
       ],
       "description": "Format of the image, on storages that hold files."
      },
      "discard": {
       "type": "boolean",
       "default": true,
       "description": "Hand discards on to the storage."
      },
      "ssd": {
       "type": "boolean",
       "description": "Present it as a solid-state disk."
      },
      "iothread": {
       "type": "boolean",
       "description": "Give it an I/O thread of its own."
      },
      "cache": {
       "type": "string",
       "enum": [
        "none",
        "writethrough",
        "writeback",
        "unsafe",
        "directsync"
       ],
       "description": "Cache mode."
      },
      "aio": {
       "type": "string",
       "enum": [
        "native",
        "threads",
        "io_uring"
       ],
       "description": "How QEMU does its input and output. Proxmox chooses unless told."
      },
      "backup": {
       "type": "boolean",
       "description": "Whether backups include it."
      },
      "replicate": {
       "type": "boolean",
       "description": "Whether storage replication includes it."
      },
      "serial": {
       "type": "string",
       "pattern": "^[A-Za-z0-9_-]{1,20}$",
       "description": "Serial number that the guest sees."
      }
     }
    }
   },
   "networks": {
    "type": "array",
    "maxItems": 32,
    "default": [
     {
      "bridge": "vmbr0",
      "ip": "dhcp"
     }
    ],
    "description": "Network cards, in order: `eth0`, `eth1`, … in the installer.",
    "items": {
     "type": "object",
     "additionalProperties": false,
     "title": "Network",
     "properties": {
      "bridge": {
       "type": "string",
       "pattern": "^[A-Za-z0-9_.-]{1,63}$",
       "default": "vmbr0",
       "description": "Bridge or SDN vnet of the node.",
       "examples": [
        "vmbr0"
       ]
      },
      "model": {
       "type": "string",
       "enum": [
        "virtio",
        "e1000",
        "e1000e",
        "rtl8139",
        "vmxnet3"
       ],
       "default": "virtio",
       "description": "Model of the card."
      },
      "mac": {
       "type": "string",
       "pattern": "^[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}$",
       "description": "MAC address. Unless given, Proxmox makes one.",
       "examples": [
        "BC:24:11:2C:CE:64"
       ]
      },
      "vlan": {
       "type": "integer",
       "minimum": 1,
       "maximum": 4094,
       "description": "VLAN tag."
      },
      "mtu": {
       "type": "integer",
       "minimum": 1,
       "maximum": 65520,
       "description": "MTU; 1 takes the bridge's."
      },
      "firewall": {
       "type": "boolean",
       "description": "Whether Proxmox's firewall guards it."
      },
      "link_down": {
       "type": "boolean",
       "description": "Whether the card is unplugged."
      },
      "queues": {
       "type": "integer",
       "minimum": 1,
       "maximum": 64,
       "description": "Queues of a virtio card."
      },
      "rate": {
       "type": "number",
       "exclusiveMinimum": 0,
       "maximum": 1000000,
       "description": "Most that passes through it, in MB a second."
      },
      "trunks": {
       "type": "string",
       "pattern": "^[0-9]{1,4}(-[0-9]{1,4})?(;[0-9]{1,4}(-[0-9]{1,4})?)*$",
       "description": "VLANs that pass through it tagged.",
       "examples": [
        "10;20-30"
       ]
      },
      "ip": {
       "type": "string",
       "pattern": "^(dhcp|([0-9]{1,3}\\.){3}[0-9]{1,3}/([89]|[12][0-9]|3[0-2]))$",
       "description": "IPv4 address of the installer with its prefix length of 8 or more, or `dhcp`.",
       "examples": [
        "192.0.2.21/24",
        "dhcp"
       ]
      },
      "gateway": {
       "type": "string",
       "pattern": "^([0-9]{1,3}\\.){3}[0-9]{1,3}$",
       "description": "IPv4 gateway.",
       "examples": [
        "192.0.2.1"
       ]
      },
      "ip6": {
       "type": "string",
       "pattern": "^(dhcp|auto|[0-9A-Fa-f:.]+/([89]|[1-9][0-9]|1[01][0-9]|12[0-8]))$",
       "description": "IPv6 address of the installer with its prefix length of 8 or more, `dhcp`, or `auto` (SLAAC).",
       "examples": [
        "2001:db8::21/64",
        "auto"
       ]
      },
      "gateway6": {
       "type": "string",
       "pattern": "^[0-9A-Fa-f:.]+$",
       "description": "IPv6 gateway.",
       "examples": [
        "2001:db8::1"
       ]
      }
     }
    }
   },
   "pool": {
    "type": "string",
    "pattern": "^[A-Za-z0-9._/-]+$",
    "description": "Resource pool to put the VM in."
   },
   "tags": {
    "type": "array",
    "items": {
     "type": "string",
     "pattern": "^[A-Za-z0-9_][A-Za-z0-9_+.-]*$"
    },
    "description": "Tags, besides the one that marks VMs of this tool."
   },
   "description": {
    "type": "string",
    "maxLength": 7000,
    "description": "Notes for the VM, in Markdown. A line that marks VMs of this tool is added."
   },
   "agent": {
    "type": "boolean",
    "default": true,
    "description": "Whether the VM has the guest agent's device. Host keys are read through it."
   },
   "serial_console": {
    "type": "boolean",
    "default": true,
    "description": "Whether the VM has a serial console (`qm terminal`)."
   },
   "vga": {
    "type": "string",
    "minLength": 1,
    "description": "Display, as Proxmox writes it.",
    "examples": [
     "std",
     "serial0"
    ]
   },
   "onboot": {
    "type": "boolean",
    "description": "Whether the VM starts with its node."
   },
   "startup": {
    "type": "string",
    "pattern": "^(order=)?[0-9]+(,(up|down)=[0-9]+)*$",
    "description": "Start order, as Proxmox writes it.",
    "examples": [
     "order=2,up=30"
    ]
   },
   "options": {
    "type": "object",
    "additionalProperties": {
     "type": [
      "string",
      "number",
      "boolean"
     ]
    },
    "description": "Any other option of Proxmox's VM configuration, as its API takes it.",
    "examples": [
     {
      "numa": 1,
      "hotplug": "network,disk"
     }
    ]
   },
   "ci_user": {
    "type": "string",
    "pattern": "^[a-z_][a-z0-9_-]*$",
    "description": "User that cloud-init gives the keys to. Unless given: root."
   },
   "ci_password": {
    "type": "string",
    "minLength": 1,
    "description": "Password that cloud-init sets. The installer takes logins by key only. Nobody can read it back: a VM that has one keeps it.",
    "x-secret": true
   },
   "ssh_public_keys": {
    "type": "array",
    "items": {
     "type": "string",
     "pattern": "^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( .*)?$",
     "examples": [
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI… me@home"
     ]
    },
    "description": "Public keys that may log in to the installer."
   },
   "nameservers": {
    "type": "array",
    "items": {
     "type": "string",
     "pattern": "^[0-9A-Fa-f:.]+$",
     "examples": [
      "192.0.2.1"
     ]
    },
    "description": "DNS servers. Unless given, the node's own."
   },
   "search_domain": {
    "type": "string",
    "pattern": "^\\S+$",
    "description": "DNS search domain: one; two break the host name in cloud-init."
   },
   "ci_upgrade": {
    "type": "boolean",
    "default": false,
    "description": "Whether cloud-init upgrades packages; NixOS has none."
   },
   "ci_type": {
    "type": "string",
    "enum": [
     "nocloud",
     "configdrive2"
    ],
    "description": "Format of the cloud-init drive. Proxmox chooses `nocloud` for Linux."
   },
   "ci_custom": {
    "type": "string",
    "minLength": 1,
    "description": "Files of your own in place of generated ones, as Proxmox's `cicustom`."
   },
   "ssh_host": {
    "type": "string",
    "minLength": 1,
    "description": "Address to log in to. Unless given: the static address of the first network, else what the guest agent reports."
   },
   "ssh_port": {
    "type": "integer",
    "minimum": 1,
    "maximum": 65535,
    "default": 22,
    "description": "Port of the guest's SSH server."
   },
   "ssh_user": {
    "type": "string",
    "pattern": "^[a-z_][a-z0-9_-]*$",
    "default": "root",
    "description": "User to log in as."
   },
   "ssh_private_key_file": {
    "type": "string",
    "x-path": true,
    "minLength": 1,
    "description": "Private key to log in with. Unless given: the first of `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa` that exists. An encrypted one without its passphrase is used through the agent, where that has it.",
    "x-env": [
     "NCI_SSH_PRIVATE_KEY_FILE"
    ]
   },
   "ssh_private_key": {
    "type": "string",
    "minLength": 1,
    "description": "Private key to log in with, itself, in place of the file.",
    "x-secret": true,
    "x-env": [
     "NCI_SSH_PRIVATE_KEY"
    ]
   },
   "ssh_private_key_passphrase": {
    "type": "string",
    "minLength": 1,
    "description": "Passphrase of the private key.",
    "x-secret": true,
    "x-env": [
     "NCI_SSH_PRIVATE_KEY_PASSPHRASE"
    ]
   },
   "ssh_agent": {
    "type": "boolean",
    "description": "Whether the keys of the SSH agent (`SSH_AUTH_SOCK`) log in: `true` only they, `false` never; unless given, where there is no key that can be opened."
   },
   "ssh_generate_key": {
    "type": "boolean",
    "default": false,
    "description": "Log in to the installer with a key that is made for the run and never written to a file. For `provision`; the installed system knows only the keys of its flake, so without one of them it is proved by its host key alone."
   },
   "ssh_host_key": {
    "type": "string",
    "pattern": "^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( .*)?$",
    "description": "Public host key that the guest must show. Unless given it is read through the guest agent, or looked up in `ssh_known_hosts_file`; failing that, the first one seen is trusted, with a warning.",
    "examples": [
     "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI…"
    ]
   },
   "ssh_known_hosts_file": {
    "type": "string",
    "x-path": true,
    "minLength": 1,
    "description": "File in which the guest's host key is looked up where the guest agent does not tell it.",
    "x-env": [
     "NCI_SSH_KNOWN_HOSTS_FILE"
    ],
    "examples": [
     "~/.ssh/known_hosts"
    ]
   },
   "ssh_host_key_checking": {
    "type": "string",
    "enum": [
     "strict",
     "accept-new"
    ],
    "description": "What becomes of a guest whose host key is not known: `strict` refuses it; `accept-new` trusts the first one seen, with a warning. Unless given: as `accept-new`, after waiting longer for the guest agent to tell the key, and no secrets are handed over.",
    "x-env": [
     "NCI_SSH_HOST_KEY_CHECKING"
    ]
   },
   "ssh_address_map": {
    "type": "string",
    "x-path": true,
    "minLength": 1,
    "description": "JSON file that says where guests are reached from here, for guests behind port forwards: `{\"192.0.2.7:22\": \"127.0.0.1:2207\"}`; `*` stands for all others. Read at each connection.",
    "x-env": [
     "NCI_SSH_ADDRESS_MAP"
    ]
   },
   "ssh_proxy_jump": {
    "type": "string",
    "minLength": 1,
    "description": "Hosts to jump through on the way to the guest, as for OpenSSH's `ProxyJump`: they are logged in to by `ssh` itself, as the user does it, and must do without asking anything. IPv6 addresses go into brackets. `none`: directly, whatever the configuration says. Unless given: as the configuration of OpenSSH says for the guest's address.",
    "x-env": [
     "NCI_SSH_PROXY_JUMP"
    ],
    "examples": [
     "admin@bastion.example.com:2222"
    ]
   },
   "ssh_config_file": {
    "type": "string",
    "x-path": true,
    "minLength": 1,
    "description": "Configuration of OpenSSH that says how the guest's address is reached (`ProxyJump`, `ProxyCommand`). Unless given: the user's own; `none`: no configuration.",
    "x-env": [
     "NCI_SSH_CONFIG_FILE"
    ]
   },
   "flake": {
    "type": "string",
    "pattern": "^[^#\\s]+#[^#\\s]+$",
    "description": "Flake and attribute of the system: `nixosConfigurations.<attribute>` of the flake is installed.",
    "examples": [
     ".#web1",
     "github:example/infrastructure#web1"
    ]
   },
   "store_paths": {
    "type": "object",
    "additionalProperties": false,
    "title": "StorePaths",
    "required": [
     "disko_script",
     "system"
    ],
    "description": "The system, already built, in place of `flake`.",
    "properties": {
     "disko_script": {
      "type": "string",
      "pattern": "^/nix/store/[0-9a-z]{32}-[^/\\s]+$",
      "description": "`config.system.build.diskoScript`.",
      "examples": [
       "/nix/store/8psj5i63n5arwd6ssjmws5yha9x223y6-disko"
      ]
     },
     "system": {
      "type": "string",
      "pattern": "^/nix/store/[0-9a-z]{32}-[^/\\s]+$",
      "description": "`config.system.build.toplevel`.",
      "examples": [
       "/nix/store/q99n4jhblf0lv4xg4dlwa5vrvj5mwrgg-nixos-system-web1-26.05"
      ]
     }
    }
   },
   "build_on": {
    "type": "string",
    "enum": [
     "auto",
     "local",
     "remote"
    ],
    "default": "auto",
    "description": "Where the system is built: on this machine (and its remote builders), or in the installer. `auto`: on this machine where its Nix can build for the VM's architecture, itself, by emulation or on a remote builder."
   },
   "disko_mode": {
    "type": "string",
    "enum": [
     "disko",
     "mount"
    ],
    "default": "disko",
    "description": "What disko does with the disks: `disko` wipes, formats and mounts them; `mount` only mounts what is on them, which must be this tool's own work, or `reinstall` set. With `store_paths`: which of disko's scripts that one is."
   },
   "no_disko_deps": {
    "type": "boolean",
    "default": false,
    "description": "Send disko's script without the partitioning tools that it needs: the installer has them. For machines with little memory. Has no effect with `store_paths`."
   },
   "generate_hardware_config": {
    "type": "object",
    "additionalProperties": false,
    "title": "HardwareConfig",
    "required": [
     "backend",
     "path"
    ],
    "description": "Look at the machine's hardware first and write what is found to a file of the flake. The system is then built afterwards, and not ahead.",
    "properties": {
     "backend": {
      "type": "string",
      "enum": [
       "nixos-facter",
       "nixos-generate-config"
      ],
      "description": "The program that looks."
     },
     "path": {
      "type": "string",
      "x-path": true,
      "minLength": 1,
      "description": "File on this machine that is written.",
      "examples": [
       "hosts/web1/facter.json"
      ]
     }
    }
   },
   "substitute_on_destination": {
    "type": "boolean",
    "default": true,
    "description": "Let the installer fetch what it can from binary caches, instead of copying all from this machine."
   },
   "use_machine_substituters": {
    "type": "boolean",
    "default": true,
    "description": "Let the installer use the binary caches of the system's configuration too. Has an effect only where the system is not built ahead: `build_on: remote`, `generate_hardware_config`."
   },
   "from_store": {
    "type": "string",
    "minLength": 1,
    "pattern": "^[A-Za-z0-9+./][^\\s]*$",
    "description": "Nix store that the system is copied from, in place of this machine's; nixos-anywhere calls it `--from`.",
    "examples": [
     "https://cache.example.com"
    ]
   },
   "ssh_store_settings": {
    "type": "array",
    "description": "Settings of the store in the installer, as Nix sees it through SSH (`nix help-stores`).",
    "items": {
     "type": "string",
     "pattern": "^(compress|path-info-cache-size|priority|remote-program|system-features|want-mass-query)=[^\\u0000-\\u001f]+$",
     "description": "`name=value`.",
     "examples": [
      "compress=false"
     ]
    }
   },
   "print_build_logs": {
    "type": "boolean",
    "default": false,
    "description": "Print the whole logs of what is built in the installer; what is built on this machine is logged in any case."
   },
   "show_trace": {
    "type": "boolean",
    "default": false,
    "description": "Show the whole trace of a failed evaluation."
   },
   "reinstall": {
    "type": "boolean",
    "default": false,
    "description": "Install although the disks of the machine that runs the installer hold something. This wipes them, unless `disko_mode` is `mount`. Needed for anything that this tool cannot know to be its own unfinished work: after another boot of the installer disks with a system, with other files, encrypted or in a pool; new volumes of thick LVM that show old data. A host that is installed already is left alone all the same."
   },
   "extra_files": {
    "type": "string",
    "x-path": true,
    "minLength": 1,
    "description": "Folder whose content is copied to the new system's root."
   },
   "chown": {
    "type": "array",
    "description": "Owners of files and folders of the new system, recursively; those of `extra_files` are root's otherwise.",
    "items": {
     "type": "object",
     "additionalProperties": false,
     "title": "Ownership",
     "required": [
      "path",
      "owner"
     ],
     "properties": {
      "path": {
       "type": "string",
       "pattern": "^/(?!.*(^|/)\\.\\.(/|$))[^\\u0000-\\u001f]+$",
       "description": "Path in the new system.",
       "examples": [
        "/var/lib/alice"
       ]
      },
      "owner": {
       "type": "string",
       "pattern": "^[0-9]+:[0-9]+$",
       "description": "Ids of user and group: names are not known yet.",
       "examples": [
        "1000:100"
       ]
      }
     }
    }
   },
   "disk_encryption_keys": {
    "type": "array",
    "description": "Key files for disko, put on the installer before it formats.",
    "items": {
     "type": "object",
     "additionalProperties": false,
     "title": "DiskEncryptionKey",
     "required": [
      "remote",
      "local"
     ],
     "properties": {
      "remote": {
       "type": "string",
       "pattern": "^/[A-Za-z0-9._/-]+$",
       "description": "Path in the installer.",
       "examples": [
        "/tmp/disk.key"
       ]
      },
      "local": {
       "type": "string",
       "x-path": true,
       "minLength": 1,
       "description": "File on this machine."
      }
     }
    }
   },
   "generate_host_key": {
    "type": "boolean",
    "default": true,
    "description": "Make the new system's SSH host key here and ship it, so that the first login to it is verified. Without it, or where `extra_files` has one, that key is kept."
   },
   "host_key_file": {
    "type": "string",
    "x-path": true,
    "minLength": 1,
    "description": "Private ed25519 key, without a passphrase, that becomes the new system's SSH host key, in place of one that is made. For hosts whose secrets are encrypted for a key that is kept elsewhere."
   },
   "copy_host_keys": {
    "type": "boolean",
    "default": false,
    "description": "Give the new system the installer's SSH host keys. Needs `generate_host_key: false`."
   },
   "age_recipient": {
    "type": "boolean",
    "default": false,
    "description": "State the age recipient of the new system's SSH host key in the result, for sops."
   },
   "ssh_config": {
    "type": "boolean",
    "default": false,
    "description": "State an entry for ~/.ssh/config in the result."
   },
   "nixos_anywhere": {
    "type": "string",
    "x-path": true,
    "minLength": 1,
    "description": "The nixos-anywhere program. Unless given: from PATH, else `nix run` of the pinned version.",
    "x-env": [
     "NCI_NIXOS_ANYWHERE"
    ]
   },
   "ssh_options": {
    "type": "array",
    "description": "Options for the SSH connections of nixos-anywhere and Nix. Those that say whom to connect to, and how the host is verified, are not among them.",
    "items": {
     "type": "string",
     "pattern": "^(AddressFamily|BindAddress|BindInterface|Ciphers|Compression|ConnectionAttempts|ConnectTimeout|IPQoS|KexAlgorithms|LogLevel|MACs|PubkeyAcceptedAlgorithms|RekeyLimit|ServerAliveCountMax|ServerAliveInterval|TCPKeepAlive)=[^\\u0000-\\u001f]+$",
     "description": "`Name=value`.",
     "examples": [
      "Compression=yes",
      "ConnectTimeout=30"
     ]
    }
   },
   "nix_options": {
    "type": "object",
    "additionalProperties": {
     "type": "string"
    },
    "description": "Options for Nix, name to value.",
    "examples": [
     {
      "cores": "4"
     }
    ]
   },
   "silence_timeout": {
    "type": "number",
    "minimum": 1,
    "default": 1800,
    "description": "Seconds that the installation may go without any output.",
    "maximum": 604800
   },
   "log_file": {
    "type": "string",
    "x-path": true,
    "minLength": 1,
    "description": "File that gets everything the installation prints, secrets masked; each run is appended."
   },
   "system_ssh_user": {
    "type": "string",
    "pattern": "^[a-z_][a-z0-9_-]*$",
    "description": "User to log in to the installed system as, where it is not `ssh_user`."
   },
   "system_ssh_host": {
    "type": "string",
    "minLength": 1,
    "description": "Address of the installed system, where it is another than the installer's."
   },
   "boot_timeout": {
    "type": "number",
    "exclusiveMinimum": 0,
    "maximum": 604800,
    "default": 600,
    "description": "Seconds from a start or reboot to the login."
   },
   "iso_storage": {
    "type": "string",
    "description": "Storage for the installer ISO.",
    "pattern": "^[A-Za-z][A-Za-z0-9._-]*$",
    "default": "local"
   },
   "iso": {
    "type": "string",
    "description": "Volume id of an installer ISO that is on the storage already, in place of getting one.",
    "pattern": "^[A-Za-z][A-Za-z0-9._-]*:iso/[^\\s/,]+$"
   },
   "install_timeout": {
    "type": "number",
    "description": "Seconds that the installation may take.",
    "exclusiveMinimum": 0,
    "default": 7200,
    "maximum": 604800
   }
  }
 },
 "lab": {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "The lab: what `nci lab start --config` takes",
  "type": "object",
  "additionalProperties": false,
  "properties": {
   "version": {
    "description": "Release of Proxmox VE that the API imitates. Unless given: the newest.",
    "type": "string",
    "enum": [
     "9.2",
     "8.4"
    ]
   },
   "nodes": {
    "description": "Nodes of the cluster. Unless given: `pve` alone.",
    "type": "array",
    "items": {
     "type": "object",
     "additionalProperties": false,
     "required": [
      "name"
     ],
     "properties": {
      "name": {
       "description": "Name.",
       "type": "string"
      },
      "cpus": {
       "description": "Processors.",
       "type": "integer",
       "minimum": 1
      },
      "memoryBytes": {
       "description": "Memory, in bytes.",
       "type": "integer",
       "minimum": 0
      },
      "diskBytes": {
       "description": "Size of its root file system, in bytes; only shown.",
       "type": "integer",
       "minimum": 0
      },
      "bridges": {
       "description": "Bridges that VMs can use. Unless given: `vmbr0`.",
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "address": {
       "description": "IP address.",
       "type": "string"
      }
     }
    }
   },
   "storages": {
    "description": "Storages. Unless given: `local` and `local-lvm`.",
    "type": "array",
    "items": {
     "type": "object",
     "additionalProperties": false,
     "required": [
      "id",
      "content"
     ],
     "properties": {
      "id": {
       "description": "Name.",
       "type": "string"
      },
      "type": {
       "description": "Kind. Unless given: `dir`.",
       "type": "string",
       "enum": [
        "dir",
        "lvmthin",
        "nfs"
       ]
      },
      "content": {
       "description": "What it may hold.",
       "type": "array",
       "items": {
        "type": "string",
        "enum": [
         "iso",
         "import",
         "images",
         "snippets",
         "vztmpl",
         "backup",
         "rootdir"
        ]
       }
      },
      "shared": {
       "description": "Whether all nodes see the same volumes.",
       "type": "boolean"
      },
      "nodes": {
       "description": "The nodes that have it. Unless given: all.",
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "totalBytes": {
       "description": "Size in bytes; writing more fails.",
       "type": "integer",
       "minimum": 0
      },
      "disabled": {
       "description": "Whether it is switched off.",
       "type": "boolean"
      },
      "path": {
       "description": "Where it claims to be; only shown.",
       "type": "string"
      }
     }
    }
   },
   "pools": {
    "description": "Resource pools.",
    "type": "array",
    "items": {
     "type": "string"
    }
   },
   "users": {
    "description": "Users besides `root@pam`.",
    "type": "array",
    "items": {
     "type": "object",
     "additionalProperties": false,
     "required": [
      "id"
     ],
     "properties": {
      "id": {
       "description": "User and realm.",
       "type": "string",
       "pattern": "^[^@\\s!]+@[^@\\s!]+$",
       "examples": [
        "ci@pve"
       ]
      },
      "password": {
       "description": "Password. Without one the user cannot log in.",
       "type": "string"
      },
      "totp": {
       "description": "Secret of the second factor in base32 (RFC 6238): the login then asks for a code.",
       "type": "string"
      },
      "enabled": {
       "description": "Whether the user may log in. Unless given: yes.",
       "type": "boolean"
      },
      "expire": {
       "description": "When the account ends, in seconds since 1970; 0 is never.",
       "type": "integer",
       "minimum": 0
      },
      "comment": {
       "description": "Comment.",
       "type": "string"
      },
      "email": {
       "description": "Address.",
       "type": "string"
      },
      "firstname": {
       "description": "First name.",
       "type": "string"
      },
      "lastname": {
       "description": "Last name.",
       "type": "string"
      },
      "keys": {
       "description": "Keys, as Proxmox calls them.",
       "type": "string"
      }
     }
    }
   },
   "groups": {
    "description": "Groups of users.",
    "type": "array",
    "items": {
     "type": "object",
     "additionalProperties": false,
     "required": [
      "id"
     ],
     "properties": {
      "id": {
       "description": "Name.",
       "type": "string"
      },
      "members": {
       "description": "Users in it.",
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "comment": {
       "description": "Comment.",
       "type": "string"
      }
     }
    }
   },
   "tokens": {
    "description": "API tokens besides root's own.",
    "type": "array",
    "items": {
     "type": "object",
     "additionalProperties": false,
     "required": [
      "id",
      "secret"
     ],
     "properties": {
      "id": {
       "description": "User and name.",
       "type": "string",
       "pattern": "^[^@\\s!]+@[^@\\s!]+![^\\s=!]+$",
       "examples": [
        "ci@pve!nci"
       ]
      },
      "secret": {
       "description": "Secret.",
       "type": "string"
      },
      "privilegeSeparation": {
       "description": "Whether it has no more than its own entries in `acl` give. Unless given: no.",
       "type": "boolean"
      },
      "expire": {
       "description": "When it ends, in seconds since 1970; 0 is never.",
       "type": "integer",
       "minimum": 0
      },
      "comment": {
       "description": "Comment.",
       "type": "string"
      }
     }
    }
   },
   "roles": {
    "description": "Roles of one's own: their privileges by name.",
    "type": "object",
    "additionalProperties": {
     "type": "array",
     "items": {
      "type": "string"
     }
    }
   },
   "acl": {
    "description": "Who has which role where.",
    "type": "array",
    "items": {
     "type": "object",
     "additionalProperties": false,
     "required": [
      "path",
      "id",
      "role"
     ],
     "properties": {
      "path": {
       "description": "Path.",
       "type": "string",
       "pattern": "^/",
       "examples": [
        "/vms"
       ]
      },
      "id": {
       "description": "User, token, or `@` and a group.",
       "type": "string"
      },
      "role": {
       "description": "Role of Proxmox's, or one of `roles`.",
       "type": "string"
      },
      "propagate": {
       "description": "Whether it holds below the path, too. Unless given: yes.",
       "type": "boolean"
      }
     }
    }
   },
   "latency": {
    "description": "How slow the server is. Unless given it is as fast as it can be.",
    "type": "object",
    "additionalProperties": false,
    "properties": {
     "requestMs": {
      "description": "Before every answer, in milliseconds.",
      "type": "number",
      "minimum": 0
     },
     "createMs": {
      "description": "What a create takes besides its work, in milliseconds.",
      "type": "number",
      "minimum": 0
     },
     "startMs": {
      "description": "What a start takes, in milliseconds.",
      "type": "number",
      "minimum": 0
     },
     "stopMs": {
      "description": "What a stop takes, in milliseconds.",
      "type": "number",
      "minimum": 0
     },
     "configMs": {
      "description": "What a change of the configuration takes, in milliseconds.",
      "type": "number",
      "minimum": 0
     },
     "destroyMs": {
      "description": "What a removal takes, in milliseconds.",
      "type": "number",
      "minimum": 0
     },
     "copyMs": {
      "description": "What the copy of an upload into its storage takes, in milliseconds.",
      "type": "number",
      "minimum": 0
     },
     "uploadBytesPerSecond": {
      "description": "Rate at which an upload is read; 0 is as fast as it comes.",
      "type": "number",
      "minimum": 0
     },
     "downloadBytesPerSecond": {
      "description": "Rate at which a node itself downloads; 0 is as fast as it comes.",
      "type": "number",
      "minimum": 0
     },
     "statsMs": {
      "description": "How long a new VM has no name in the list of all, in milliseconds.",
      "type": "number",
      "minimum": 0
     }
    }
   },
   "faults": {
    "description": "What goes wrong: with requests, with tasks, and with the cluster as a whole.",
    "type": "array",
    "items": {
     "anyOf": [
      {
       "type": "object",
       "additionalProperties": false,
       "required": [
        "path",
        "action"
       ],
       "properties": {
        "method": {
         "description": "Method of the request. Unless given: any.",
         "type": "string",
         "enum": [
          "GET",
          "POST",
          "PUT",
          "DELETE"
         ]
        },
        "path": {
         "description": "Path without `/api2/json`; `*` stands for one part, `**` for any number.",
         "type": "string",
         "pattern": "^(/|\\*)",
         "examples": [
          "/nodes/*/qemu/*/status/start"
         ]
        },
        "times": {
         "description": "How often it happens. Unless given: until the end.",
         "type": "integer",
         "minimum": 1
        },
        "after": {
         "description": "How many pass unharmed before.",
         "type": "integer",
         "minimum": 0
        },
        "action": {
         "description": "What happens.",
         "anyOf": [
          {
           "type": "object",
           "additionalProperties": false,
           "required": [
            "answer"
           ],
           "properties": {
            "answer": {
             "description": "It gets this answer, and has no effect.",
             "type": "object",
             "additionalProperties": false,
             "required": [
              "status",
              "reason"
             ],
             "properties": {
              "status": {
               "description": "Status of HTTP.",
               "type": "integer",
               "minimum": 200,
               "maximum": 599
              },
              "reason": {
               "description": "Reason phrase, which is where Proxmox says what is wrong.",
               "type": "string"
              },
              "body": {
               "description": "Body of the answer.",
               "type": "string"
              }
             }
            }
           }
          },
          {
           "type": "object",
           "additionalProperties": false,
           "required": [
            "drop"
           ],
           "properties": {
            "drop": {
             "description": "The connection breaks: before the request takes effect, after it did but before the answer, or in the middle of an upload's body.",
             "type": "string",
             "enum": [
              "before",
              "after",
              "upload"
             ]
            },
            "bytes": {
             "description": "How much of the upload's body is read before.",
             "type": "integer",
             "minimum": 0
            }
           }
          },
          {
           "type": "object",
           "additionalProperties": false,
           "required": [
            "delayMs"
           ],
           "properties": {
            "delayMs": {
             "description": "It takes longer by so much, in milliseconds.",
             "type": "number",
             "minimum": 0
            }
           }
          },
          {
           "type": "object",
           "additionalProperties": false,
           "required": [
            "hang"
           ],
           "properties": {
            "hang": {
             "description": "The answer never comes; the request has no effect.",
             "type": "boolean",
             "enum": [
              true
             ]
            }
           }
          }
         ]
        }
       }
      },
      {
       "type": "object",
       "additionalProperties": false,
       "required": [
        "task",
        "action"
       ],
       "properties": {
        "task": {
         "description": "Kind of task, as Proxmox calls it: `qmcreate`, `qmstart`, `imgcopy`, `download`, …; `*` for any.",
         "type": "string"
        },
        "id": {
         "description": "Id of the task: mostly the VMID. Unless given: any.",
         "type": "string"
        },
        "times": {
         "description": "How often it happens. Unless given: until the end.",
         "type": "integer",
         "minimum": 1
        },
        "after": {
         "description": "How many pass unharmed before.",
         "type": "integer",
         "minimum": 0
        },
        "action": {
         "description": "What happens.",
         "anyOf": [
          {
           "type": "object",
           "additionalProperties": false,
           "required": [
            "fail"
           ],
           "properties": {
            "fail": {
             "description": "It ends with this error; what it should have done does not happen.",
             "type": "string"
            }
           }
          },
          {
           "type": "object",
           "additionalProperties": false,
           "required": [
            "warnings"
           ],
           "properties": {
            "warnings": {
             "description": "It does its work and then complains like this.",
             "type": "array",
             "items": {
              "type": "string"
             }
            }
           }
          },
          {
           "type": "object",
           "additionalProperties": false,
           "required": [
            "hang"
           ],
           "properties": {
            "hang": {
             "description": "It runs until somebody aborts it.",
             "type": "boolean",
             "enum": [
              true
             ]
            }
           }
          },
          {
           "type": "object",
           "additionalProperties": false,
           "required": [
            "kill"
           ],
           "properties": {
            "kill": {
             "description": "It is killed before it does anything: its log just ends.",
             "type": "boolean",
             "enum": [
              true
             ]
            }
           }
          },
          {
           "type": "object",
           "additionalProperties": false,
           "required": [
            "delayMs"
           ],
           "properties": {
            "delayMs": {
             "description": "It takes longer by so much, in milliseconds.",
             "type": "number",
             "minimum": 0
            }
           }
          }
         ]
        }
       }
      },
      {
       "type": "object",
       "additionalProperties": false,
       "required": [
        "vmidRace"
       ],
       "properties": {
        "vmidRace": {
         "description": "Somebody else takes the VMID just before a create.",
         "type": "boolean",
         "enum": [
          true
         ]
        },
        "vmid": {
         "description": "Only this VMID.",
         "type": "integer",
         "minimum": 100
        },
        "times": {
         "description": "How often it happens. Unless given: until the end.",
         "type": "integer",
         "minimum": 1
        },
        "after": {
         "description": "How many pass unharmed before.",
         "type": "integer",
         "minimum": 0
        }
       }
      },
      {
       "type": "object",
       "additionalProperties": false,
       "required": [
        "nodeDown"
       ],
       "properties": {
        "nodeDown": {
         "description": "Name of a node that is down.",
         "type": "string"
        },
        "how": {
         "description": "What happens to whoever tries to reach it. Unless given: it answers 595.",
         "type": "string",
         "enum": [
          "unreachable",
          "refused",
          "timeout"
         ]
        }
       }
      },
      {
       "type": "object",
       "additionalProperties": false,
       "required": [
        "noQuorum"
       ],
       "properties": {
        "noQuorum": {
         "description": "Nothing that the nodes share can be written.",
         "type": "boolean",
         "enum": [
          true
         ]
        }
       }
      },
      {
       "type": "object",
       "additionalProperties": false,
       "required": [
        "storageFull"
       ],
       "properties": {
        "storageFull": {
         "description": "Name of a storage that has no space left.",
         "type": "string"
        },
        "node": {
         "description": "The node on which it is full. Unless given: all.",
         "type": "string"
        }
       }
      },
      {
       "type": "object",
       "additionalProperties": false,
       "required": [
        "vmLock"
       ],
       "properties": {
        "vmLock": {
         "description": "Lock that VMs are kept under, as by a backup: `backup`, `snapshot`, ….",
         "type": "string"
        },
        "vmid": {
         "description": "Only this VM.",
         "type": "integer",
         "minimum": 100
        }
       }
      }
     ]
    }
   },
   "guests": {
    "description": "What a VM is when it is switched on: nothing but an SSH server that behaves like one, or a process of QEMU. Unless given: simulated.",
    "type": "string",
    "enum": [
     "simulated",
     "qemu"
    ]
   },
   "qemu": {
    "description": "What real guests get.",
    "type": "object",
    "additionalProperties": false,
    "properties": {
     "programs": {
      "description": "Folder of QEMU's programs. Unless given: `NCI_QEMU_PROGRAMS`, and then PATH.",
      "type": "string"
     },
     "maxMemoryMiB": {
      "description": "The most memory that a guest gets, in MiB.",
      "type": "integer",
      "minimum": 64
     },
     "maxCpus": {
      "description": "The most processors that a guest gets.",
      "type": "integer",
      "minimum": 1
     },
     "acceleration": {
      "description": "The processor: `tcg` is the emulation in software. Unless given: the hardware's, where that works.",
      "type": "string",
      "enum": [
       "kvm",
       "hvf",
       "tcg"
      ]
     },
     "emulatedCpu": {
      "description": "Processor that guests see where it is emulated, as QEMU calls it. Unless given: `max`.",
      "type": "string"
     },
     "internet": {
      "description": "Whether guests may open connections to the world.",
      "type": "boolean"
     }
    }
   },
   "guestLatency": {
    "description": "How slow simulated guests are.",
    "type": "object",
    "additionalProperties": false,
    "properties": {
     "port": {
      "description": "From power on until port 22 takes connections, in milliseconds.",
      "type": "number",
      "minimum": 0
     },
     "banner": {
      "description": "From there until sshd sends its banner, in milliseconds.",
      "type": "number",
      "minimum": 0
     },
     "keys": {
      "description": "From there until cloud-init has written the keys, in milliseconds.",
      "type": "number",
      "minimum": 0
     },
     "cloudInit": {
      "description": "From there until cloud-init is done, in milliseconds.",
      "type": "number",
      "minimum": 0
     },
     "shutdown": {
      "description": "From `poweroff` or `reboot` until the connections are closed, in milliseconds.",
      "type": "number",
      "minimum": 0
     },
     "reboot": {
      "description": "How long a reboot keeps the machine away, in milliseconds.",
      "type": "number",
      "minimum": 0
     },
     "install": {
      "description": "What nixos-install takes, in milliseconds.",
      "type": "number",
      "minimum": 0
     },
     "copy": {
      "description": "What each store path takes to be received, in milliseconds.",
      "type": "number",
      "minimum": 0
     }
    }
   },
   "guestFaults": {
    "description": "What goes wrong in simulated guests.",
    "type": "object",
    "additionalProperties": false,
    "properties": {
     "bootHangs": {
      "description": "The boot never gets as far as the network.",
      "type": "boolean"
     },
     "installedSystemHangs": {
      "description": "The installed system never gets as far as the network; the installer does.",
      "type": "boolean"
     },
     "bannerNeverSent": {
      "description": "sshd never sends its banner.",
      "type": "boolean"
     },
     "keysNeverArrive": {
      "description": "cloud-init never writes the keys: every login is refused.",
      "type": "boolean"
     },
     "cloudInitError": {
      "description": "cloud-init ends with this error.",
      "type": "string"
     },
     "agentSilent": {
      "description": "The guest agent does not answer.",
      "type": "boolean"
     },
     "foreignHostKey": {
      "description": "Connections meet another host key than the one on the disk.",
      "type": "boolean"
     },
     "dropAfterBytes": {
      "description": "Every connection is cut once so many bytes came in on it.",
      "type": "integer",
      "minimum": 0
     },
     "dropAfterCommands": {
      "description": "After so many commands since the boot, every connection is cut at its next one.",
      "type": "integer",
      "minimum": 0
     },
     "diskVanishes": {
      "description": "The disk goes away while disko works.",
      "type": "boolean"
     },
     "noSpace": {
      "description": "Receiving store paths fails for want of space.",
      "type": "boolean"
     },
     "installFails": {
      "description": "nixos-install fails with this message.",
      "type": "string"
     },
     "diesDuring": {
      "description": "The machine switches itself off in the middle of this.",
      "type": "string",
      "enum": [
       "disko",
       "copy",
       "install"
      ]
     },
     "systemState": {
      "description": "What `systemctl is-system-running` says: `degraded`, `maintenance`, ….",
      "type": "string"
     },
     "failedUnits": {
      "description": "Units that systemd lists as failed.",
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "rebootIgnored": {
      "description": "`reboot` and `poweroff` inside the guest do nothing.",
      "type": "boolean"
     }
    }
   },
   "standIns": {
    "description": "Whether the lab's stand-ins for Nix and nixos-anywhere go first in PATH. Unless given: for simulated guests, and for real ones where there is no Nix.",
    "type": "boolean"
   },
   "pace": {
    "description": "Factor on the waiting times of the stand-in for nixos-anywhere; 1 is genuine.",
    "type": "number",
    "minimum": 0
   }
  }
 },
 "event": {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "A line of `--progress ndjson`",
  "type": "object",
  "additionalProperties": false,
  "required": [
   "type",
   "step"
  ],
  "properties": {
   "type": {
    "type": "string",
    "enum": [
     "start",
     "phase",
     "progress",
     "log",
     "warning",
     "end"
    ],
    "description": "Kind of event."
   },
   "step": {
    "type": "string",
    "description": "The step it belongs to."
   },
   "host": {
    "type": "string",
    "description": "The host, in a workflow."
   },
   "shared": {
    "type": "string",
    "description": "What work that hosts of a batch share is for."
   },
   "phase": {
    "type": "string",
    "description": "`phase`: the part that begins."
   },
   "done": {
    "type": "number",
    "description": "`progress`: how much is done."
   },
   "total": {
    "type": "number",
    "description": "`progress`: of how much; absent while unknown."
   },
   "unit": {
    "type": "string",
    "enum": [
     "bytes",
     "items",
     "percent"
    ],
    "description": "`progress`: what is counted."
   },
   "rate": {
    "type": "number",
    "description": "`progress`: units a second."
   },
   "secondsLeft": {
    "type": "number",
    "description": "`progress`: estimated seconds left."
   },
   "line": {
    "type": "string",
    "description": "`log`: a line of a program or of a Proxmox task."
   },
   "message": {
    "type": "string",
    "description": "`warning`: what the user should know."
   },
   "status": {
    "type": "string",
    "enum": [
     "changed",
     "done",
     "unchanged",
     "planned",
     "skipped",
     "failed"
    ],
    "description": "`end`: how it ended."
   },
   "error": {
    "type": "string",
    "description": "`end` with `failed`: the error's code."
   }
  }
 },
 "result": {
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "The one JSON document on stdout",
  "type": "object",
  "additionalProperties": false,
  "required": [
   "ok",
   "step",
   "warnings"
  ],
  "properties": {
   "ok": {
    "type": "boolean",
    "description": "Whether it succeeded."
   },
   "step": {
    "type": "string",
    "description": "The step or workflow."
   },
   "changed": {
    "type": "boolean",
    "description": "Whether it changed something; in check mode, whether it would."
   },
   "check": {
    "type": "boolean",
    "description": "Whether it was check mode."
   },
   "diff": {
    "type": "array",
    "description": "What it changed, or would change.",
    "items": {
     "type": "object",
     "additionalProperties": false,
     "required": [
      "what"
     ],
     "properties": {
      "what": {
       "type": "string",
       "description": "What changes."
      },
      "before": {
       "description": "The value before; absent where there was none."
      },
      "after": {
       "description": "The value after; absent where it was removed."
      }
     }
    }
   },
   "output": {
    "type": "object",
    "additionalProperties": true,
    "description": "The step's output, as its output schema says."
   },
   "error": {
    "type": "object",
    "description": "Why it failed; absent where it succeeded.",
    "additionalProperties": false,
    "required": [
     "code",
     "message",
     "hint",
     "retryable",
     "details"
    ],
    "properties": {
     "code": {
      "type": "string",
      "description": "The stable code."
     },
     "message": {
      "type": "string",
      "description": "What went wrong, in a sentence."
     },
     "hint": {
      "type": "string",
      "description": "What to do."
     },
     "retryable": {
      "type": "boolean",
      "description": "Whether the same call may succeed later."
     },
     "details": {
      "type": "object",
      "additionalProperties": true,
      "description": "The values behind the message."
     }
    }
   },
   "warnings": {
    "type": "array",
    "items": {
     "type": "string"
    },
    "description": "What the user should know."
   }
  }
 }
}
