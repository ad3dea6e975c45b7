import { NciError } from '../core/errors.ts'

/** What Proxmox was asked for when it gave a reason for not doing it. */
export interface About {
  /** To follow "Proxmox could not": `start the VM 101`. */
  readonly request: string
  readonly user?: string
  /** The VM that it was about, where neither the reason nor the request names it. */
  readonly vmid?: string
  /** It answers a request. A task has done something when it gives its reason. */
  readonly isAnswer: boolean
  /** Anything else that belongs in the details. */
  readonly details: Readonly<Record<string, unknown>>
}

/**
 * The error that a reason means, where it is one that Proxmox gives in the same words to requests and in tasks;
 * `undefined` for any other. Texts are those of Proxmox 8.4 and 9.2.
 */
export function knownFailure(reason: string, about: About): NciError | undefined {
  const { request } = about
  const details = { ...about.details, request, reason }
  const vmid =
    /\b(?:VM|qemu-server\/)\s?(\d+)/.exec(reason)?.[1] ?? /VM (\d+)/.exec(request)?.[1] ?? about.vmid ?? ''
  if (lacksQuorum(reason)) return new NciError('PVE_NO_QUORUM', details)
  if (/Configuration file .* does not exist/.test(reason)) {
    return new NciError('PVE_VM_NOT_FOUND', { ...details, vm: vmid })
  }
  const [, , lock] = /VM (\d+ )?is locked \((.*)\)/.exec(reason) ?? []
  if (lock !== undefined) return new NciError('PVE_VM_LOCKED', { ...details, vmid, lock })
  const [, option] = /^only root can set '(.*)' config$/.exec(reason) ?? []
  if (option !== undefined) {
    return new NciError('PVE_ROOT_REQUIRED', {
      ...details,
      user: about.user ?? 'this user',
      options: `\`${option}\``,
    })
  }
  if (/checksum mismatch \(file change by other user/.test(reason))
    return new NciError('PVE_VM_CHANGED', { ...details, vmid })
  if (/protection mode enabled/.test(reason)) return new NciError('PVE_VM_PROTECTED', { ...details, vmid })
  const [, pool] = /pool '([^']+)' does not exist/.exec(reason) ?? []
  if (pool !== undefined) return new NciError('PVE_POOL_UNKNOWN', { ...details, pool })
  if (isBusy(reason)) {
    return new NciError('PVE_BUSY', { ...details, ...(about.isAnswer ? { nothingDone: true } : {}) })
  }
  return undefined
}

/** Without quorum the cluster's configuration cannot be written to: some requests ask first, others run into it. */
function lacksQuorum(reason: string): boolean {
  return (
    /\bno quorum\b/.test(reason) || /'?\/etc\/pve\/.*(Permission denied|Read-only file system)/.test(reason)
  )
}

/** A lock that somebody else holds, a worker that did not start: a request that is answered so has begun nothing. */
function isBusy(reason: string): boolean {
  return (
    /can't lock file '[^']*' - got timeout/.test(reason) ||
    /cfs-lock '[^']*' error: got lock request timeout/.test(reason) ||
    /got no worker upid/.test(reason)
  )
}
