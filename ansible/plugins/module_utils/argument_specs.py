# -*- coding: utf-8 -*-

# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

# Generated from schemas/ by `npm run generate`; do not edit.

from __future__ import annotations

from ansible.module_utils.basic import env_fallback

ENGINE = {
    "engine_path": {
        "type": "path",
    },
    "engine_log": {
        "type": "path",
    },
}

CONNECTION = {
    "api_host": {
        "type": "str",
    },
    "api_port": {
        "type": "int",
    },
    "api_user": {
        "type": "str",
    },
    "api_password": {
        "type": "str",
        "no_log": True,
    },
    "api_totp_secret": {
        "type": "str",
        "no_log": True,
    },
    "api_totp": {
        "type": "str",
    },
    "api_token_id": {
        "type": "str",
        "no_log": False,
    },
    "api_token_secret": {
        "type": "str",
        "no_log": True,
    },
    "validate_certs": {
        "type": "bool",
        "default": True,
        "fallback": (env_fallback, ["PROXMOX_VALIDATE_CERTS", "PROXMOX_VERIFY_SSL"]),
    },
    "ca_path": {
        "type": "path",
    },
    "api_fingerprint": {
        "type": "str",
    },
    "api_timeout": {
        "type": "float",
        "default": 30,
        "fallback": (env_fallback, ["PROXMOX_TIMEOUT"]),
    },
}

STEPS = {
    "iso.build": {
        "timeout": {
            "type": "float",
            "default": 14400,
        },
        "flake": {
            "type": "str",
        },
        "attribute": {
            "type": "str",
        },
        "architecture": {
            "type": "str",
            "choices": ["x86_64", "aarch64"],
            "default": "x86_64",
        },
        "builder": {
            "type": "str",
            "choices": ["nix", "nixos-generators"],
            "default": "nix",
        },
        "out_link": {
            "type": "path",
        },
        "path": {
            "type": "path",
        },
        "builders": {
            "type": "list",
            "elements": "str",
        },
        "nix_options": {
            "type": "dict",
        },
        "show_trace": {
            "type": "bool",
            "default": False,
        },
    },
    "iso.download": {
        "iso_path": {
            "type": "path",
        },
        "iso_url": {
            "type": "str",
        },
        "iso_release": {
            "type": "str",
            "default": "latest",
        },
        "iso_repository": {
            "type": "str",
            "default": "AnarchoBooleanism/nixos-cloud-init-installer",
        },
        "iso_checksum": {
            "type": "str",
        },
        "cache_dir": {
            "type": "path",
        },
        "github_token": {
            "type": "str",
            "no_log": True,
        },
        "github_api_url": {
            "type": "str",
            "default": "https://api.github.com",
            "fallback": (env_fallback, ["GITHUB_API_URL"]),
        },
        "timeout": {
            "type": "float",
            "default": 7200,
        },
        "architecture": {
            "type": "str",
            "choices": ["x86_64", "aarch64"],
            "default": "x86_64",
        },
    },
    "iso.upload": {
        "timeout": {
            "type": "float",
            "default": 7200,
        },
        "path": {
            "type": "path",
        },
        "url": {
            "type": "str",
        },
        "via": {
            "type": "str",
            "choices": ["engine", "proxmox"],
            "default": "engine",
        },
        "node": {
            "type": "str",
        },
        "storage": {
            "type": "str",
            "default": "local",
        },
        "filename": {
            "type": "str",
        },
        "checksum": {
            "type": "str",
        },
        "replace": {
            "type": "bool",
            "default": False,
        },
        "url_validate_certs": {
            "type": "bool",
            "default": True,
        },
        "prune": {
            "type": "bool",
            "default": False,
        },
        "prune_keep": {
            "type": "int",
            "default": 0,
        },
    },
    "vm.create": {
        "name": {
            "type": "str",
            "required": True,
        },
        "node": {
            "type": "str",
        },
        "vmid": {
            "type": "int",
        },
        "vmid_min": {
            "type": "int",
        },
        "vmid_max": {
            "type": "int",
        },
        "architecture": {
            "type": "str",
            "choices": ["x86_64", "aarch64"],
            "default": "x86_64",
        },
        "cores": {
            "type": "int",
            "default": 2,
        },
        "sockets": {
            "type": "int",
            "default": 1,
        },
        "cpu": {
            "type": "str",
        },
        "memory": {
            "type": "int",
            "default": 2048,
        },
        "balloon": {
            "type": "int",
        },
        "machine": {
            "type": "str",
        },
        "bios": {
            "type": "str",
            "choices": ["seabios", "ovmf"],
        },
        "secure_boot": {
            "type": "bool",
            "default": False,
        },
        "efi_storage": {
            "type": "str",
        },
        "tpm": {
            "type": "str",
            "choices": ["v2.0", "v1.2"],
        },
        "tpm_storage": {
            "type": "str",
        },
        "scsi_controller": {
            "type": "str",
            "choices": [
                "virtio-scsi-single",
                "virtio-scsi-pci",
                "lsi",
                "lsi53c810",
                "megasas",
                "pvscsi",
            ],
            "default": "virtio-scsi-single",
        },
        "os_type": {
            "type": "str",
            "default": "l26",
        },
        "storage": {
            "type": "str",
            "default": "local-lvm",
        },
        "cloud_init_storage": {
            "type": "str",
        },
        "disks": {
            "type": "list",
            "elements": "dict",
            "options": {
                "size": {
                    "type": "str",
                },
                "import_from": {
                    "type": "str",
                },
                "storage": {
                    "type": "str",
                },
                "bus": {
                    "type": "str",
                    "choices": ["scsi", "virtio", "sata"],
                    "default": "scsi",
                },
                "format": {
                    "type": "str",
                    "choices": ["raw", "qcow2", "vmdk"],
                },
                "discard": {
                    "type": "bool",
                    "default": True,
                },
                "ssd": {
                    "type": "bool",
                },
                "iothread": {
                    "type": "bool",
                },
                "cache": {
                    "type": "str",
                    "choices": ["none", "writethrough", "writeback", "unsafe", "directsync"],
                },
                "aio": {
                    "type": "str",
                    "choices": ["native", "threads", "io_uring"],
                },
                "backup": {
                    "type": "bool",
                },
                "replicate": {
                    "type": "bool",
                },
                "serial": {
                    "type": "str",
                },
            },
            "default": [
                {
                    "size": "32G",
                },
            ],
        },
        "networks": {
            "type": "list",
            "elements": "dict",
            "options": {
                "bridge": {
                    "type": "str",
                    "default": "vmbr0",
                },
                "model": {
                    "type": "str",
                    "choices": ["virtio", "e1000", "e1000e", "rtl8139", "vmxnet3"],
                    "default": "virtio",
                },
                "mac": {
                    "type": "str",
                },
                "vlan": {
                    "type": "int",
                },
                "mtu": {
                    "type": "int",
                },
                "firewall": {
                    "type": "bool",
                },
                "link_down": {
                    "type": "bool",
                },
                "queues": {
                    "type": "int",
                },
                "rate": {
                    "type": "float",
                },
                "trunks": {
                    "type": "str",
                },
                "ip": {
                    "type": "str",
                },
                "gateway": {
                    "type": "str",
                },
                "ip6": {
                    "type": "str",
                },
                "gateway6": {
                    "type": "str",
                },
            },
            "default": [
                {
                    "bridge": "vmbr0",
                    "ip": "dhcp",
                },
            ],
        },
        "pool": {
            "type": "str",
        },
        "tags": {
            "type": "list",
            "elements": "str",
        },
        "description": {
            "type": "str",
        },
        "agent": {
            "type": "bool",
            "default": True,
        },
        "serial_console": {
            "type": "bool",
            "default": True,
        },
        "vga": {
            "type": "str",
        },
        "onboot": {
            "type": "bool",
        },
        "startup": {
            "type": "str",
        },
        "options": {
            "type": "dict",
        },
        "ci_user": {
            "type": "str",
        },
        "ci_password": {
            "type": "str",
            "no_log": True,
        },
        "ssh_public_keys": {
            "type": "list",
            "elements": "str",
            "no_log": False,
        },
        "nameservers": {
            "type": "list",
            "elements": "str",
        },
        "search_domain": {
            "type": "str",
        },
        "ci_upgrade": {
            "type": "bool",
            "default": False,
        },
        "ci_type": {
            "type": "str",
            "choices": ["nocloud", "configdrive2"],
        },
        "ci_custom": {
            "type": "str",
        },
        "timeout": {
            "type": "float",
            "default": 3600,
        },
        "iso": {
            "type": "str",
        },
        "cloud_init": {
            "type": "bool",
            "default": True,
        },
        "reattach": {
            "type": "bool",
            "default": False,
        },
        "boot_iso_first": {
            "type": "bool",
            "default": False,
        },
    },
    "vm.start": {
        "vmid": {
            "type": "int",
        },
        "name": {
            "type": "str",
        },
        "node": {
            "type": "str",
        },
        "timeout": {
            "type": "float",
            "default": 600,
        },
    },
    "ssh.wait": {
        "vmid": {
            "type": "int",
        },
        "name": {
            "type": "str",
        },
        "node": {
            "type": "str",
        },
        "ssh_host": {
            "type": "str",
        },
        "ssh_port": {
            "type": "int",
            "default": 22,
        },
        "ssh_user": {
            "type": "str",
            "default": "root",
        },
        "ssh_private_key_file": {
            "type": "path",
            "no_log": False,
        },
        "ssh_private_key": {
            "type": "str",
            "no_log": True,
        },
        "ssh_private_key_passphrase": {
            "type": "str",
            "no_log": True,
        },
        "ssh_agent": {
            "type": "bool",
        },
        "ssh_generate_key": {
            "type": "bool",
            "default": False,
            "no_log": False,
        },
        "ssh_host_key": {
            "type": "str",
            "no_log": False,
        },
        "ssh_known_hosts_file": {
            "type": "path",
        },
        "ssh_host_key_checking": {
            "type": "str",
            "choices": ["strict", "accept-new"],
            "no_log": False,
        },
        "ssh_address_map": {
            "type": "path",
        },
        "ssh_proxy_jump": {
            "type": "str",
        },
        "ssh_config_file": {
            "type": "path",
        },
        "timeout": {
            "type": "float",
            "default": 600,
        },
        "expect": {
            "type": "str",
            "choices": ["installer", "system", "any"],
            "default": "installer",
        },
        "system": {
            "type": "str",
        },
        "cloud_init_timeout": {
            "type": "float",
            "default": 120,
        },
    },
    "nixos.install": {
        "vmid": {
            "type": "int",
        },
        "name": {
            "type": "str",
        },
        "node": {
            "type": "str",
        },
        "ssh_host": {
            "type": "str",
        },
        "ssh_port": {
            "type": "int",
            "default": 22,
        },
        "ssh_user": {
            "type": "str",
            "default": "root",
        },
        "ssh_private_key_file": {
            "type": "path",
            "no_log": False,
        },
        "ssh_private_key": {
            "type": "str",
            "no_log": True,
        },
        "ssh_private_key_passphrase": {
            "type": "str",
            "no_log": True,
        },
        "ssh_agent": {
            "type": "bool",
        },
        "ssh_generate_key": {
            "type": "bool",
            "default": False,
            "no_log": False,
        },
        "ssh_host_key": {
            "type": "str",
            "no_log": False,
        },
        "ssh_known_hosts_file": {
            "type": "path",
        },
        "ssh_host_key_checking": {
            "type": "str",
            "choices": ["strict", "accept-new"],
            "no_log": False,
        },
        "ssh_address_map": {
            "type": "path",
        },
        "ssh_proxy_jump": {
            "type": "str",
        },
        "ssh_config_file": {
            "type": "path",
        },
        "flake": {
            "type": "str",
        },
        "store_paths": {
            "type": "dict",
            "options": {
                "disko_script": {
                    "type": "str",
                    "required": True,
                },
                "system": {
                    "type": "str",
                    "required": True,
                },
            },
        },
        "build_on": {
            "type": "str",
            "choices": ["auto", "local", "remote"],
            "default": "auto",
        },
        "disko_mode": {
            "type": "str",
            "choices": ["disko", "mount"],
            "default": "disko",
        },
        "no_disko_deps": {
            "type": "bool",
            "default": False,
        },
        "generate_hardware_config": {
            "type": "dict",
            "options": {
                "backend": {
                    "type": "str",
                    "required": True,
                    "choices": ["nixos-facter", "nixos-generate-config"],
                },
                "path": {
                    "type": "path",
                    "required": True,
                },
            },
        },
        "substitute_on_destination": {
            "type": "bool",
            "default": True,
        },
        "use_machine_substituters": {
            "type": "bool",
            "default": True,
        },
        "from_store": {
            "type": "str",
        },
        "ssh_store_settings": {
            "type": "list",
            "elements": "str",
        },
        "print_build_logs": {
            "type": "bool",
            "default": False,
        },
        "show_trace": {
            "type": "bool",
            "default": False,
        },
        "reinstall": {
            "type": "bool",
            "default": False,
        },
        "extra_files": {
            "type": "path",
        },
        "chown": {
            "type": "list",
            "elements": "dict",
            "options": {
                "path": {
                    "type": "str",
                    "required": True,
                },
                "owner": {
                    "type": "str",
                    "required": True,
                },
            },
        },
        "disk_encryption_keys": {
            "type": "list",
            "elements": "dict",
            "options": {
                "remote": {
                    "type": "str",
                    "required": True,
                },
                "local": {
                    "type": "path",
                    "required": True,
                },
            },
            "no_log": False,
        },
        "generate_host_key": {
            "type": "bool",
            "default": True,
            "no_log": False,
        },
        "host_key_file": {
            "type": "path",
            "no_log": False,
        },
        "copy_host_keys": {
            "type": "bool",
            "default": False,
            "no_log": False,
        },
        "age_recipient": {
            "type": "bool",
            "default": False,
        },
        "ssh_config": {
            "type": "bool",
            "default": False,
        },
        "nixos_anywhere": {
            "type": "path",
        },
        "ssh_options": {
            "type": "list",
            "elements": "str",
        },
        "nix_options": {
            "type": "dict",
        },
        "silence_timeout": {
            "type": "float",
            "default": 1800,
        },
        "log_file": {
            "type": "path",
        },
        "system_ssh_user": {
            "type": "str",
        },
        "system_ssh_host": {
            "type": "str",
        },
        "boot_timeout": {
            "type": "float",
            "default": 600,
        },
        "timeout": {
            "type": "float",
            "default": 7200,
        },
        "reboot": {
            "type": "bool",
            "default": True,
        },
        "expected_uuid": {
            "type": "str",
        },
    },
    "vm.detach": {
        "vmid": {
            "type": "int",
        },
        "name": {
            "type": "str",
        },
        "node": {
            "type": "str",
        },
        "timeout": {
            "type": "float",
            "default": 900,
        },
        "mode": {
            "type": "str",
            "choices": ["cold", "hot"],
            "default": "cold",
        },
        "start": {
            "type": "bool",
        },
        "force": {
            "type": "bool",
            "default": False,
        },
    },
    "vm.info": {
        "vmid": {
            "type": "int",
        },
        "name": {
            "type": "str",
        },
        "node": {
            "type": "str",
        },
        "timeout": {
            "type": "float",
            "default": 120,
        },
    },
    "vm.destroy": {
        "vmid": {
            "type": "int",
        },
        "name": {
            "type": "str",
        },
        "node": {
            "type": "str",
        },
        "timeout": {
            "type": "float",
            "default": 900,
        },
        "force": {
            "type": "bool",
            "default": False,
        },
        "stop": {
            "type": "bool",
            "default": False,
        },
        "expected_uuid": {
            "type": "str",
        },
        "unreferenced": {
            "type": "bool",
            "default": False,
        },
    },
    "provision": {
        "iso_path": {
            "type": "path",
        },
        "iso_url": {
            "type": "str",
        },
        "iso_release": {
            "type": "str",
            "default": "latest",
        },
        "iso_repository": {
            "type": "str",
            "default": "AnarchoBooleanism/nixos-cloud-init-installer",
        },
        "iso_checksum": {
            "type": "str",
        },
        "cache_dir": {
            "type": "path",
        },
        "github_token": {
            "type": "str",
            "no_log": True,
        },
        "github_api_url": {
            "type": "str",
            "default": "https://api.github.com",
            "fallback": (env_fallback, ["GITHUB_API_URL"]),
        },
        "name": {
            "type": "str",
            "required": True,
        },
        "node": {
            "type": "str",
        },
        "vmid": {
            "type": "int",
        },
        "vmid_min": {
            "type": "int",
        },
        "vmid_max": {
            "type": "int",
        },
        "architecture": {
            "type": "str",
            "choices": ["x86_64", "aarch64"],
            "default": "x86_64",
        },
        "cores": {
            "type": "int",
            "default": 2,
        },
        "sockets": {
            "type": "int",
            "default": 1,
        },
        "cpu": {
            "type": "str",
        },
        "memory": {
            "type": "int",
            "default": 2048,
        },
        "balloon": {
            "type": "int",
        },
        "machine": {
            "type": "str",
        },
        "bios": {
            "type": "str",
            "choices": ["seabios", "ovmf"],
        },
        "secure_boot": {
            "type": "bool",
            "default": False,
        },
        "efi_storage": {
            "type": "str",
        },
        "tpm": {
            "type": "str",
            "choices": ["v2.0", "v1.2"],
        },
        "tpm_storage": {
            "type": "str",
        },
        "scsi_controller": {
            "type": "str",
            "choices": [
                "virtio-scsi-single",
                "virtio-scsi-pci",
                "lsi",
                "lsi53c810",
                "megasas",
                "pvscsi",
            ],
            "default": "virtio-scsi-single",
        },
        "os_type": {
            "type": "str",
            "default": "l26",
        },
        "storage": {
            "type": "str",
            "default": "local-lvm",
        },
        "cloud_init_storage": {
            "type": "str",
        },
        "disks": {
            "type": "list",
            "elements": "dict",
            "options": {
                "size": {
                    "type": "str",
                },
                "import_from": {
                    "type": "str",
                },
                "storage": {
                    "type": "str",
                },
                "bus": {
                    "type": "str",
                    "choices": ["scsi", "virtio", "sata"],
                    "default": "scsi",
                },
                "format": {
                    "type": "str",
                    "choices": ["raw", "qcow2", "vmdk"],
                },
                "discard": {
                    "type": "bool",
                    "default": True,
                },
                "ssd": {
                    "type": "bool",
                },
                "iothread": {
                    "type": "bool",
                },
                "cache": {
                    "type": "str",
                    "choices": ["none", "writethrough", "writeback", "unsafe", "directsync"],
                },
                "aio": {
                    "type": "str",
                    "choices": ["native", "threads", "io_uring"],
                },
                "backup": {
                    "type": "bool",
                },
                "replicate": {
                    "type": "bool",
                },
                "serial": {
                    "type": "str",
                },
            },
            "default": [
                {
                    "size": "32G",
                },
            ],
        },
        "networks": {
            "type": "list",
            "elements": "dict",
            "options": {
                "bridge": {
                    "type": "str",
                    "default": "vmbr0",
                },
                "model": {
                    "type": "str",
                    "choices": ["virtio", "e1000", "e1000e", "rtl8139", "vmxnet3"],
                    "default": "virtio",
                },
                "mac": {
                    "type": "str",
                },
                "vlan": {
                    "type": "int",
                },
                "mtu": {
                    "type": "int",
                },
                "firewall": {
                    "type": "bool",
                },
                "link_down": {
                    "type": "bool",
                },
                "queues": {
                    "type": "int",
                },
                "rate": {
                    "type": "float",
                },
                "trunks": {
                    "type": "str",
                },
                "ip": {
                    "type": "str",
                },
                "gateway": {
                    "type": "str",
                },
                "ip6": {
                    "type": "str",
                },
                "gateway6": {
                    "type": "str",
                },
            },
            "default": [
                {
                    "bridge": "vmbr0",
                    "ip": "dhcp",
                },
            ],
        },
        "pool": {
            "type": "str",
        },
        "tags": {
            "type": "list",
            "elements": "str",
        },
        "description": {
            "type": "str",
        },
        "agent": {
            "type": "bool",
            "default": True,
        },
        "serial_console": {
            "type": "bool",
            "default": True,
        },
        "vga": {
            "type": "str",
        },
        "onboot": {
            "type": "bool",
        },
        "startup": {
            "type": "str",
        },
        "options": {
            "type": "dict",
        },
        "ci_user": {
            "type": "str",
        },
        "ci_password": {
            "type": "str",
            "no_log": True,
        },
        "ssh_public_keys": {
            "type": "list",
            "elements": "str",
            "no_log": False,
        },
        "nameservers": {
            "type": "list",
            "elements": "str",
        },
        "search_domain": {
            "type": "str",
        },
        "ci_upgrade": {
            "type": "bool",
            "default": False,
        },
        "ci_type": {
            "type": "str",
            "choices": ["nocloud", "configdrive2"],
        },
        "ci_custom": {
            "type": "str",
        },
        "ssh_host": {
            "type": "str",
        },
        "ssh_port": {
            "type": "int",
            "default": 22,
        },
        "ssh_user": {
            "type": "str",
            "default": "root",
        },
        "ssh_private_key_file": {
            "type": "path",
            "no_log": False,
        },
        "ssh_private_key": {
            "type": "str",
            "no_log": True,
        },
        "ssh_private_key_passphrase": {
            "type": "str",
            "no_log": True,
        },
        "ssh_agent": {
            "type": "bool",
        },
        "ssh_generate_key": {
            "type": "bool",
            "default": False,
            "no_log": False,
        },
        "ssh_host_key": {
            "type": "str",
            "no_log": False,
        },
        "ssh_known_hosts_file": {
            "type": "path",
        },
        "ssh_host_key_checking": {
            "type": "str",
            "choices": ["strict", "accept-new"],
            "no_log": False,
        },
        "ssh_address_map": {
            "type": "path",
        },
        "ssh_proxy_jump": {
            "type": "str",
        },
        "ssh_config_file": {
            "type": "path",
        },
        "flake": {
            "type": "str",
        },
        "store_paths": {
            "type": "dict",
            "options": {
                "disko_script": {
                    "type": "str",
                    "required": True,
                },
                "system": {
                    "type": "str",
                    "required": True,
                },
            },
        },
        "build_on": {
            "type": "str",
            "choices": ["auto", "local", "remote"],
            "default": "auto",
        },
        "disko_mode": {
            "type": "str",
            "choices": ["disko", "mount"],
            "default": "disko",
        },
        "no_disko_deps": {
            "type": "bool",
            "default": False,
        },
        "generate_hardware_config": {
            "type": "dict",
            "options": {
                "backend": {
                    "type": "str",
                    "required": True,
                    "choices": ["nixos-facter", "nixos-generate-config"],
                },
                "path": {
                    "type": "path",
                    "required": True,
                },
            },
        },
        "substitute_on_destination": {
            "type": "bool",
            "default": True,
        },
        "use_machine_substituters": {
            "type": "bool",
            "default": True,
        },
        "from_store": {
            "type": "str",
        },
        "ssh_store_settings": {
            "type": "list",
            "elements": "str",
        },
        "print_build_logs": {
            "type": "bool",
            "default": False,
        },
        "show_trace": {
            "type": "bool",
            "default": False,
        },
        "reinstall": {
            "type": "bool",
            "default": False,
        },
        "extra_files": {
            "type": "path",
        },
        "chown": {
            "type": "list",
            "elements": "dict",
            "options": {
                "path": {
                    "type": "str",
                    "required": True,
                },
                "owner": {
                    "type": "str",
                    "required": True,
                },
            },
        },
        "disk_encryption_keys": {
            "type": "list",
            "elements": "dict",
            "options": {
                "remote": {
                    "type": "str",
                    "required": True,
                },
                "local": {
                    "type": "path",
                    "required": True,
                },
            },
            "no_log": False,
        },
        "generate_host_key": {
            "type": "bool",
            "default": True,
            "no_log": False,
        },
        "host_key_file": {
            "type": "path",
            "no_log": False,
        },
        "copy_host_keys": {
            "type": "bool",
            "default": False,
            "no_log": False,
        },
        "age_recipient": {
            "type": "bool",
            "default": False,
        },
        "ssh_config": {
            "type": "bool",
            "default": False,
        },
        "nixos_anywhere": {
            "type": "path",
        },
        "ssh_options": {
            "type": "list",
            "elements": "str",
        },
        "nix_options": {
            "type": "dict",
        },
        "silence_timeout": {
            "type": "float",
            "default": 1800,
        },
        "log_file": {
            "type": "path",
        },
        "system_ssh_user": {
            "type": "str",
        },
        "system_ssh_host": {
            "type": "str",
        },
        "boot_timeout": {
            "type": "float",
            "default": 600,
        },
        "iso_storage": {
            "type": "str",
            "default": "local",
        },
        "iso": {
            "type": "str",
        },
        "install_timeout": {
            "type": "float",
            "default": 7200,
        },
        "timeout": {
            "type": "float",
        },
        "detach": {
            "type": "str",
            "choices": ["cold", "hot", "keep"],
            "default": "cold",
        },
        "on_failure": {
            "type": "str",
            "choices": ["keep", "destroy"],
            "default": "keep",
        },
        "values": {
            "type": "list",
            "elements": "dict",
        },
    },
    "doctor": {
        "iso_path": {
            "type": "path",
        },
        "iso_url": {
            "type": "str",
        },
        "iso_release": {
            "type": "str",
            "default": "latest",
        },
        "iso_repository": {
            "type": "str",
            "default": "AnarchoBooleanism/nixos-cloud-init-installer",
        },
        "iso_checksum": {
            "type": "str",
        },
        "cache_dir": {
            "type": "path",
        },
        "github_token": {
            "type": "str",
            "no_log": True,
        },
        "github_api_url": {
            "type": "str",
            "default": "https://api.github.com",
            "fallback": (env_fallback, ["GITHUB_API_URL"]),
        },
        "name": {
            "type": "str",
        },
        "node": {
            "type": "str",
        },
        "vmid": {
            "type": "int",
        },
        "vmid_min": {
            "type": "int",
        },
        "vmid_max": {
            "type": "int",
        },
        "architecture": {
            "type": "str",
            "choices": ["x86_64", "aarch64"],
            "default": "x86_64",
        },
        "cores": {
            "type": "int",
            "default": 2,
        },
        "sockets": {
            "type": "int",
            "default": 1,
        },
        "cpu": {
            "type": "str",
        },
        "memory": {
            "type": "int",
            "default": 2048,
        },
        "balloon": {
            "type": "int",
        },
        "machine": {
            "type": "str",
        },
        "bios": {
            "type": "str",
            "choices": ["seabios", "ovmf"],
        },
        "secure_boot": {
            "type": "bool",
            "default": False,
        },
        "efi_storage": {
            "type": "str",
        },
        "tpm": {
            "type": "str",
            "choices": ["v2.0", "v1.2"],
        },
        "tpm_storage": {
            "type": "str",
        },
        "scsi_controller": {
            "type": "str",
            "choices": [
                "virtio-scsi-single",
                "virtio-scsi-pci",
                "lsi",
                "lsi53c810",
                "megasas",
                "pvscsi",
            ],
            "default": "virtio-scsi-single",
        },
        "os_type": {
            "type": "str",
            "default": "l26",
        },
        "storage": {
            "type": "str",
            "default": "local-lvm",
        },
        "cloud_init_storage": {
            "type": "str",
        },
        "disks": {
            "type": "list",
            "elements": "dict",
            "options": {
                "size": {
                    "type": "str",
                },
                "import_from": {
                    "type": "str",
                },
                "storage": {
                    "type": "str",
                },
                "bus": {
                    "type": "str",
                    "choices": ["scsi", "virtio", "sata"],
                    "default": "scsi",
                },
                "format": {
                    "type": "str",
                    "choices": ["raw", "qcow2", "vmdk"],
                },
                "discard": {
                    "type": "bool",
                    "default": True,
                },
                "ssd": {
                    "type": "bool",
                },
                "iothread": {
                    "type": "bool",
                },
                "cache": {
                    "type": "str",
                    "choices": ["none", "writethrough", "writeback", "unsafe", "directsync"],
                },
                "aio": {
                    "type": "str",
                    "choices": ["native", "threads", "io_uring"],
                },
                "backup": {
                    "type": "bool",
                },
                "replicate": {
                    "type": "bool",
                },
                "serial": {
                    "type": "str",
                },
            },
            "default": [
                {
                    "size": "32G",
                },
            ],
        },
        "networks": {
            "type": "list",
            "elements": "dict",
            "options": {
                "bridge": {
                    "type": "str",
                    "default": "vmbr0",
                },
                "model": {
                    "type": "str",
                    "choices": ["virtio", "e1000", "e1000e", "rtl8139", "vmxnet3"],
                    "default": "virtio",
                },
                "mac": {
                    "type": "str",
                },
                "vlan": {
                    "type": "int",
                },
                "mtu": {
                    "type": "int",
                },
                "firewall": {
                    "type": "bool",
                },
                "link_down": {
                    "type": "bool",
                },
                "queues": {
                    "type": "int",
                },
                "rate": {
                    "type": "float",
                },
                "trunks": {
                    "type": "str",
                },
                "ip": {
                    "type": "str",
                },
                "gateway": {
                    "type": "str",
                },
                "ip6": {
                    "type": "str",
                },
                "gateway6": {
                    "type": "str",
                },
            },
            "default": [
                {
                    "bridge": "vmbr0",
                    "ip": "dhcp",
                },
            ],
        },
        "pool": {
            "type": "str",
        },
        "tags": {
            "type": "list",
            "elements": "str",
        },
        "description": {
            "type": "str",
        },
        "agent": {
            "type": "bool",
            "default": True,
        },
        "serial_console": {
            "type": "bool",
            "default": True,
        },
        "vga": {
            "type": "str",
        },
        "onboot": {
            "type": "bool",
        },
        "startup": {
            "type": "str",
        },
        "options": {
            "type": "dict",
        },
        "ci_user": {
            "type": "str",
        },
        "ci_password": {
            "type": "str",
            "no_log": True,
        },
        "ssh_public_keys": {
            "type": "list",
            "elements": "str",
            "no_log": False,
        },
        "nameservers": {
            "type": "list",
            "elements": "str",
        },
        "search_domain": {
            "type": "str",
        },
        "ci_upgrade": {
            "type": "bool",
            "default": False,
        },
        "ci_type": {
            "type": "str",
            "choices": ["nocloud", "configdrive2"],
        },
        "ci_custom": {
            "type": "str",
        },
        "ssh_host": {
            "type": "str",
        },
        "ssh_port": {
            "type": "int",
            "default": 22,
        },
        "ssh_user": {
            "type": "str",
            "default": "root",
        },
        "ssh_private_key_file": {
            "type": "path",
            "no_log": False,
        },
        "ssh_private_key": {
            "type": "str",
            "no_log": True,
        },
        "ssh_private_key_passphrase": {
            "type": "str",
            "no_log": True,
        },
        "ssh_agent": {
            "type": "bool",
        },
        "ssh_generate_key": {
            "type": "bool",
            "default": False,
            "no_log": False,
        },
        "ssh_host_key": {
            "type": "str",
            "no_log": False,
        },
        "ssh_known_hosts_file": {
            "type": "path",
        },
        "ssh_host_key_checking": {
            "type": "str",
            "choices": ["strict", "accept-new"],
            "no_log": False,
        },
        "ssh_address_map": {
            "type": "path",
        },
        "ssh_proxy_jump": {
            "type": "str",
        },
        "ssh_config_file": {
            "type": "path",
        },
        "flake": {
            "type": "str",
        },
        "store_paths": {
            "type": "dict",
            "options": {
                "disko_script": {
                    "type": "str",
                    "required": True,
                },
                "system": {
                    "type": "str",
                    "required": True,
                },
            },
        },
        "build_on": {
            "type": "str",
            "choices": ["auto", "local", "remote"],
            "default": "auto",
        },
        "disko_mode": {
            "type": "str",
            "choices": ["disko", "mount"],
            "default": "disko",
        },
        "no_disko_deps": {
            "type": "bool",
            "default": False,
        },
        "generate_hardware_config": {
            "type": "dict",
            "options": {
                "backend": {
                    "type": "str",
                    "required": True,
                    "choices": ["nixos-facter", "nixos-generate-config"],
                },
                "path": {
                    "type": "path",
                    "required": True,
                },
            },
        },
        "substitute_on_destination": {
            "type": "bool",
            "default": True,
        },
        "use_machine_substituters": {
            "type": "bool",
            "default": True,
        },
        "from_store": {
            "type": "str",
        },
        "ssh_store_settings": {
            "type": "list",
            "elements": "str",
        },
        "print_build_logs": {
            "type": "bool",
            "default": False,
        },
        "show_trace": {
            "type": "bool",
            "default": False,
        },
        "reinstall": {
            "type": "bool",
            "default": False,
        },
        "extra_files": {
            "type": "path",
        },
        "chown": {
            "type": "list",
            "elements": "dict",
            "options": {
                "path": {
                    "type": "str",
                    "required": True,
                },
                "owner": {
                    "type": "str",
                    "required": True,
                },
            },
        },
        "disk_encryption_keys": {
            "type": "list",
            "elements": "dict",
            "options": {
                "remote": {
                    "type": "str",
                    "required": True,
                },
                "local": {
                    "type": "path",
                    "required": True,
                },
            },
            "no_log": False,
        },
        "generate_host_key": {
            "type": "bool",
            "default": True,
            "no_log": False,
        },
        "host_key_file": {
            "type": "path",
            "no_log": False,
        },
        "copy_host_keys": {
            "type": "bool",
            "default": False,
            "no_log": False,
        },
        "age_recipient": {
            "type": "bool",
            "default": False,
        },
        "ssh_config": {
            "type": "bool",
            "default": False,
        },
        "nixos_anywhere": {
            "type": "path",
        },
        "ssh_options": {
            "type": "list",
            "elements": "str",
        },
        "nix_options": {
            "type": "dict",
        },
        "silence_timeout": {
            "type": "float",
            "default": 1800,
        },
        "log_file": {
            "type": "path",
        },
        "system_ssh_user": {
            "type": "str",
        },
        "system_ssh_host": {
            "type": "str",
        },
        "boot_timeout": {
            "type": "float",
            "default": 600,
        },
        "iso_storage": {
            "type": "str",
            "default": "local",
        },
        "iso": {
            "type": "str",
        },
        "install_timeout": {
            "type": "float",
            "default": 7200,
        },
        "detach": {
            "type": "str",
            "choices": ["cold", "hot", "keep"],
            "default": "cold",
        },
        "on_failure": {
            "type": "str",
            "choices": ["keep", "destroy"],
            "default": "keep",
        },
        "timeout": {
            "type": "float",
        },
        "via": {
            "type": "str",
            "choices": ["engine", "proxmox"],
            "default": "engine",
        },
    },
}

WITH_CONNECTION = [
    "iso.upload",
    "vm.create",
    "vm.start",
    "ssh.wait",
    "nixos.install",
    "vm.detach",
    "vm.info",
    "vm.destroy",
    "provision",
    "doctor",
]

HOST_VALUES = [
    "iso_path",
    "iso_url",
    "iso_release",
    "iso_repository",
    "iso_checksum",
    "cache_dir",
    "github_token",
    "github_api_url",
    "name",
    "node",
    "vmid",
    "vmid_min",
    "vmid_max",
    "architecture",
    "cores",
    "sockets",
    "cpu",
    "memory",
    "balloon",
    "machine",
    "bios",
    "secure_boot",
    "efi_storage",
    "tpm",
    "tpm_storage",
    "scsi_controller",
    "os_type",
    "storage",
    "cloud_init_storage",
    "disks",
    "networks",
    "pool",
    "tags",
    "description",
    "agent",
    "serial_console",
    "vga",
    "onboot",
    "startup",
    "options",
    "ci_user",
    "ci_password",
    "ssh_public_keys",
    "nameservers",
    "search_domain",
    "ci_upgrade",
    "ci_type",
    "ci_custom",
    "ssh_host",
    "ssh_port",
    "ssh_user",
    "ssh_private_key_file",
    "ssh_private_key",
    "ssh_private_key_passphrase",
    "ssh_agent",
    "ssh_generate_key",
    "ssh_host_key",
    "ssh_known_hosts_file",
    "ssh_host_key_checking",
    "ssh_address_map",
    "ssh_proxy_jump",
    "ssh_config_file",
    "flake",
    "store_paths",
    "build_on",
    "disko_mode",
    "no_disko_deps",
    "generate_hardware_config",
    "substitute_on_destination",
    "use_machine_substituters",
    "from_store",
    "ssh_store_settings",
    "print_build_logs",
    "show_trace",
    "reinstall",
    "extra_files",
    "chown",
    "disk_encryption_keys",
    "generate_host_key",
    "host_key_file",
    "copy_host_keys",
    "age_recipient",
    "ssh_config",
    "nixos_anywhere",
    "ssh_options",
    "nix_options",
    "silence_timeout",
    "log_file",
    "system_ssh_user",
    "system_ssh_host",
    "boot_timeout",
    "iso_storage",
    "iso",
    "install_timeout",
]


def argument_spec(step):
    """The arguments of a step's module."""
    connection = CONNECTION if step in WITH_CONNECTION else {}
    return dict(ENGINE, **connection, **STEPS[step])
