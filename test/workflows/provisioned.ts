import { readdirSync } from 'node:fs'
import { expect } from 'vitest'
import type { Box, Document, End } from '../support/lab.ts'

/** The document of a run that must have succeeded. */
export function succeeded(end: End): Document {
  expect(end.document.ok, `${end.stdout}\n${end.stderr}`).toBe(true)
  expect(end.exitCode).toBe(0)
  return end.document
}

/**
 * That a host is what an undisturbed run leaves: one VM, one ISO, nothing of the installation attached, and the system
 * that the result names runs there with the host key that it names.
 */
export async function expectProvisioned(box: Box, document: Document): Promise<void> {
  const { output } = document
  expect(box.vmids()).toEqual([output.vmid])
  expect(box.isos()).toHaveLength(1)
  const config = box.config(output.vmid)
  expect(config).not.toMatch(/^(ide|ipconfig|sshkeys|ci\w+|nameserver|lock|\[)/m)
  expect(config).toMatch(/^boot: order=scsi0$/m)
  expect(config).toMatch(/^tags: .*\bnci\b/m)
  expect(decodeURIComponent(config)).toMatch(/"installed":\{.*"proved":/)
  expect(output.system).toMatch(/^\/nix\/store\/\w{32}-nixos-system-web1/)
  expect(output.known_hosts).toEqual([`${output.host} ${output.host_key.split(' ').slice(0, 2).join(' ')}`])
  const input = { vmid: output.vmid, expect: 'system', system: output.system, ssh_host_key: output.host_key }
  const answer = succeeded(await box.run(['ssh', 'wait'], { input: { ...input, timeout: 20 } }))
  expect(answer.output.facts).toMatchObject({ installer: false, system: output.system })
  expectNothingLeft(box)
}

/** That no folder with keys in it stayed behind. */
export function expectNothingLeft(box: Box): void {
  expect(readdirSync(box.temporary)).toEqual([])
}

/** How the steps of a run ended, by step. */
export function statuses(document: Document): Record<string, string> {
  const steps: { step: string; status: string }[] = document.output?.steps ?? document.error.details.steps
  return Object.fromEntries(steps.map(({ step, status }) => [step, status]))
}
