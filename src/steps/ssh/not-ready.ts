import { createHash } from 'node:crypto'
import { NciError } from '../../core/errors.ts'
import { bootOrder, drivesOf } from '../../proxmox/drives.ts'
import { parseNetworkCard } from '../../proxmox/values/network-card.ts'
import { parseSshKeys } from '../../proxmox/values/ssh-keys.ts'
import type { VmConfig } from '../../proxmox/vms.ts'
import { type Address, formatAddress } from '../../ssh/address-map.ts'
import { type LoginKey, publicKeysOf } from '../../ssh/keys.ts'
import type { Stage } from '../../ssh/stream.ts'
import type { Target } from './target.ts'
import { reportOf, sentenceOf, type VmReport } from './vm-report.ts'

/** What each stage means to a person. */
export const stageTexts: Readonly<Record<Stage | 'none', string>> = {
  none: 'no address known yet',
  address: 'an address is known, nothing answers there yet',
  tcp: 'the port is open',
  banner: 'an SSH server answers',
  'host-key': 'its host key is verified',
  login: 'the key logs in',
  command: 'commands run',
  'cloud-init': 'cloud-init is done',
}

/** What is known of a wait that came to nothing. */
export interface Failed {
  readonly seconds: number
  readonly expectsSystem: boolean
  readonly stage: Stage | undefined
  readonly address: Address | undefined
  readonly key: LoginKey | undefined
  readonly target: Target | undefined
}

/** The timeout, with how far the guest came, what Proxmox knows of it, and what to look at. */
export async function notReady(failed: Failed, cause: unknown): Promise<NciError> {
  const { target, stage, address, key } = failed
  const report = target && (await reportOf(target))
  const details = {
    seconds: failed.seconds,
    stage: stageTexts[stage ?? 'none'],
    known: report === undefined ? '' : sentenceOf(report),
    guess: guess(failed, report),
    ...(address === undefined ? {} : { address: formatAddress(address) }),
    ...(report === undefined ? {} : { vm: report }),
    ...(key === undefined ? {} : { offered_keys: publicKeysOf(key).map(fingerprint) }),
    ...(target === undefined ? {} : { authorized_keys: authorizedKeys(target.config).map(fingerprint) }),
  }
  return new NciError('SSH_NOT_READY', details, { cause })
}

function guess(failed: Failed, report: VmReport | undefined): string {
  const { stage, target } = failed
  if (report?.status === 'stopped')
    return 'The VM is not running: start it with `nci vm start`, and look at its last task.'
  if (report !== undefined && report.status !== 'running') {
    return `The VM is ${report.status}, so nothing in it goes on; look at its storage and its last task.`
  }
  return (
    (failed.expectsSystem ? undefined : missingSetting(target?.config)) ??
    (stage === 'host-key' ? refusedKey(failed) : undefined) ??
    (stage === 'address' ? silence(failed, report) : undefined) ??
    lookAt(stage)
  )
}

/** Without these cloud-init has nothing to tell the installer. */
function missingSetting(config: VmConfig | undefined): string | undefined {
  if (config === undefined) return undefined
  if (!drivesOf(config).some(({ kind }) => kind === 'cloud-init')) {
    return 'The VM has no cloud-init drive, so neither address nor keys reach the installer: create it with `cloud_init`.'
  }
  if (!('ipconfig0' in config)) {
    return 'The VM has no `ipconfig0`, so its first network card gets no address: set `ip` of the first network.'
  }
  return undefined
}

function refusedKey({ expectsSystem, key, target }: Failed): string {
  if (expectsSystem) {
    return 'The key is not accepted: the configuration of the installed system must name its public half (`users.users.<name>.openssh.authorizedKeys`).'
  }
  const offered = key === undefined ? [] : publicKeysOf(key)
  const authorized = target && authorizedKeys(target.config)
  if (authorized !== undefined && !offered.some((one) => authorized.includes(one))) {
    const [has, is] = [authorized, offered].map((keys) => keys.map(fingerprint).join(', ') || 'none')
    return `The key you log in with (${is}) is not among the VM's \`sshkeys\` (${has}): add it to \`ssh_public_keys\`.`
  }
  const disk = target && bootsDisk(target.config)
  return disk
    ? `The key is not accepted. ${disk} Otherwise cloud-init did not run; look at the console.`
    : 'The key is not accepted: check that its public half is in `ssh_public_keys` and that cloud-init ran (console).'
}

function silence(
  { address, target, expectsSystem }: Failed,
  report: VmReport | undefined,
): string | undefined {
  if (target === undefined) return undefined
  if (address !== undefined && report?.addresses.length && !report.addresses.includes(address.host)) {
    return `The guest has the addresses ${report.addresses.join(', ')}, and ${address.host} is none of them: correct \`ip\`, or set \`ssh_host\`.`
  }
  const card = parseNetworkCard(String(target.config.net0 ?? '')).properties
  const [bridge, tag] = [card.get('bridge'), card.get('tag')]
  if (bridge === undefined)
    return 'The VM has no network card on a bridge: set `bridge` of the first network.'
  const where = `bridge \`${bridge}\`${tag === undefined ? ', without a VLAN' : `, VLAN ${tag}`}`
  const booted = expectsSystem ? 'whether it booted' : 'whether it booted the ISO'
  return `Check the VM's network (${where}), its address and gateway, and on its console ${booted}.`
}

/** An installed system has other keys, and another host key, than the installer. */
export function bootsDisk(config: VmConfig): string | undefined {
  const [first] = bootOrder(config)
  const drive = drivesOf(config).find(({ key }) => key === first)
  if (drive?.kind !== 'disk') return undefined
  return `The boot order is \`${bootOrder(config).join(';')}\`: a system on the disk \`${first}\` may have started in place of the ISO.`
}

function lookAt(stage: Stage | undefined): string {
  switch (stage) {
    case undefined:
      return 'No address is known: set a static `ip`, or `ssh_host`, or enable the guest agent. The console shows whether it booted.'
    case 'address':
      return 'Check the address, and that nothing between here and there drops connections to it.'
    case 'tcp':
    case 'banner':
      return 'The machine is up, but its SSH server does not complete the handshake; look at its console.'
    default:
      return 'The machine does not finish booting; look at its console.'
  }
}

function authorizedKeys(config: VmConfig): string[] {
  return parseSshKeys(String(config.sshkeys ?? '')).map((key) => key.split(/\s+/).slice(0, 2).join(' '))
}

/** As `ssh-keygen -l` and `ssh-add -l` print it. */
function fingerprint(publicKey: string): string {
  const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64')
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}
