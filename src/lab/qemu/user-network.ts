/**
 * The network of one card: QEMU's own, in which nobody is but the guest and the host that answers it. Every card has
 * one for itself, so that guests may have the addresses that their configuration gives them, whatever others have.
 */
import type { GuestNic } from '../guest.ts'

export interface UserNetwork {
  /** `192.0.2.0/24` */
  readonly net: string
  /** Where connections from outside seem to come from: the gateway, if the guest has one. */
  readonly host: string
  readonly dns: string
  /** The guest's address: the fixed one, and also what DHCP gives. */
  readonly guest: string
}

/** The network in which the card has its fixed address; one that belongs to the VM alone, if it has none. */
export function userNetwork(nic: GuestNic, index: number, vmid: number): UserNetwork {
  const [address, bits] = (nic.ip ?? privateAddress(index, vmid)).split('/')
  const guest = toNumber(address ?? '')
  // There has to be room for the host and its name server.
  const prefix = Number(bits) > 28 ? 24 : Number(bits)
  const mask = (0xffffffff << (32 - prefix)) >>> 0
  const net = (guest & mask) >>> 0
  const inNet = (one: number): boolean => (one & mask) >>> 0 === net
  // Of those that also a guest with a narrower mask takes for its neighbours, first.
  const nearby = [...Array(64).keys()].flatMap((n) => [(guest ^ (n + 1)) >>> 0])
  const free = nearby.filter((one) => inNet(one) && one !== net && one !== (net | ~mask) >>> 0)
  const gateway = nic.gateway === undefined ? undefined : toNumber(nic.gateway)
  const host = gateway !== undefined && gateway !== guest && inNet(gateway) ? gateway : (free[0] ?? guest)
  const dns = free.find((one) => one !== host) ?? host
  return {
    net: `${toAddress(net)}/${prefix}`,
    host: toAddress(host),
    dns: toAddress(dns),
    guest: toAddress(guest),
  }
}

function privateAddress(index: number, vmid: number): string {
  return `10.${((vmid >> 8) + 64 * index) & 255}.${vmid & 255}.15/24`
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.')
}
