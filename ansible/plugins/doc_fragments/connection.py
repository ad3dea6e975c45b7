# -*- coding: utf-8 -*-

# Copyright (c) the nixos-cloud-init-installer contributors
# MIT License (see LICENSE or https://opensource.org/license/mit)
# SPDX-License-Identifier: MIT

# Generated from schemas/ by `npm run generate`; do not edit.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
---
options:
  api_host:
    description:
      - >-
        Host name, address or URL of any node of the cluster; or of several, with commas or spaces between
        them: the next one is used where one cannot be reached.
      - >-
        If not given, the value of the environment variable E(PROXMOX_HOST) or E(PROXMOX_URL) or
        E(PROXMOX_VE_ENDPOINT) is used.
    type: str
  api_port:
    description:
      - Port of the API, where O(api_host) does not name one. 8006 unless told.
      - If not given, the value of the environment variable E(PROXMOX_PORT) is used.
    type: int
  api_user:
    description:
      - User with realm.
      - If not given, the value of the environment variable E(PROXMOX_USER) or E(PROXMOX_VE_USERNAME) is used.
    type: str
  api_password:
    description:
      - Password of O(api_user). An API token is the better choice.
      - >-
        If not given, the value of the environment variable E(PROXMOX_PASSWORD) or E(PROXMOX_VE_PASSWORD) is
        used.
    type: str
  api_totp_secret:
    description:
      - >-
        Secret of O(api_user)'s TOTP, from which the one-time codes of the login are computed: base32, or an
        otpauth:// URI. API tokens need none.
      - If not given, the value of the environment variable E(PROXMOX_TOTP_SECRET) is used.
    type: str
  api_totp:
    description:
      - >-
        One code of O(api_user)'s TOTP, good for one login. For a terminal; a program gives
        O(api_totp_secret).
      - If not given, the value of the environment variable E(PROXMOX_TOTP) or E(PROXMOX_VE_OTP) is used.
    type: str
  api_token_id:
    description:
      - 'API token: its name beside O(api_user), or whole as C(user@realm!name).'
      - If not given, the value of the environment variable E(PROXMOX_TOKEN_ID) is used.
    type: str
  api_token_secret:
    description:
      - Secret of the API token.
      - If not given, the value of the environment variable E(PROXMOX_TOKEN_SECRET) is used.
    type: str
  validate_certs:
    description:
      - Verify the server's TLS certificate. Off is reported as a warning.
      - >-
        If not given, the value of the environment variable E(PROXMOX_VALIDATE_CERTS) or E(PROXMOX_VERIFY_SSL)
        is used.
    type: bool
    default: true
  ca_path:
    description:
      - File with the certificate authorities to trust, in PEM (C(/etc/pve/pve-root-ca.pem) of the cluster).
      - If not given, the value of the environment variable E(PROXMOX_CA_PATH) is used.
    type: path
  api_fingerprint:
    description:
      - >-
        SHA-256 fingerprint of the server's certificate to trust, as C(pvenode cert info) shows it; several,
        one for each node, with commas or spaces between them. Takes the place of the certificate authorities.
      - If not given, the value of the environment variable E(PROXMOX_FINGERPRINT) is used.
    type: str
  api_timeout:
    description:
      - Seconds that one API request may go without an answer.
      - If not given, the value of the environment variable E(PROXMOX_TIMEOUT) is used.
    type: float
    default: 30
"""
