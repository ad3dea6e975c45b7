import type { LabNode } from './cluster.ts'
import { drivesOf } from './drives.ts'
import { memoryOf } from './hardware.ts'
import { splitPropertyString } from './property-strings.ts'
import type { ApiSchema } from './schema.ts'
import type { Options } from './vm-config.ts'

/** What QEMU would say instead of starting such a machine; `undefined` where it starts. */
export function qemuRefusal(
  schema: ApiSchema,
  options: Options,
  node: LabNode | undefined,
): string | undefined {
  return (
    missingBus(schema, options) ??
    hostCpuWithoutKvm(schema, options) ??
    tooMuchMemory(options, node?.memoryBytes)
  )
}

/** The aarch64 machine has no IDE bus. */
function missingBus(schema: ApiSchema, options: Options): string | undefined {
  if (options.arch !== 'aarch64') return undefined
  const [ide] = drivesOf(schema, options).find(([name]) => name.startsWith('ide')) ?? []
  if (ide === undefined) return undefined
  const unit = Number(ide.slice(3)) % 2
  const bus = Math.floor(Number(ide.slice(3)) / 2)
  return `qemu-system-aarch64: -device ide-cd,bus=ide.${bus},unit=${unit},drive=drive-${ide},id=${ide}: Bus 'ide.${bus}' not found`
}

/** Only KVM can hand the host's processor on. */
function hostCpuWithoutKvm(schema: ApiSchema, { cpu, kvm }: Options): string | undefined {
  if (cpu === undefined || kvm !== '0') return undefined
  const { cputype } = splitPropertyString(cpu, schema.vmOptions.cpu?.properties ?? {})
  return cputype === 'host' ? "kvm: CPU model 'host' requires KVM or HVF" : undefined
}

function tooMuchMemory(options: Options, available: number | undefined): string | undefined {
  if (available === undefined || memoryOf(options) * 1024 ** 2 <= available) return undefined
  return "kvm: cannot set up guest memory 'pc.ram': Cannot allocate memory"
}
