import {
  existsSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { failed } from './api-error.ts'
import { qcow2Size } from './qcow2.ts'

/** A storage of the cluster. */
export interface LabStorage {
  readonly id: string
  /** `dir` (the default) or `lvmthin`, which has no file extensions and holds images only. */
  readonly type?: 'dir' | 'lvmthin' | 'nfs'
  /** `iso`, `import`, `images`, `snippets`, `vztmpl`, `backup`, `rootdir`. */
  readonly content: readonly string[]
  /** Whether all nodes see the same volumes. */
  readonly shared?: boolean
  /** The nodes that have it; all, if not given. */
  readonly nodes?: readonly string[]
  /** The size; writing more fails with "No space left on device". */
  readonly totalBytes?: number
  readonly disabled?: boolean
  /** Where the storage claims to be; only shown. */
  readonly path?: string
}

/** A volume of a storage. */
export interface Volume {
  readonly volid: string
  readonly content: 'iso' | 'vztmpl' | 'import' | 'snippets' | 'images'
  readonly format: string
  readonly size: number
  readonly used: number
  readonly ctime: number
  readonly vmid: number | undefined
  /** The file on this machine. */
  readonly file: string
}

const folders = {
  iso: 'template/iso',
  vztmpl: 'template/cache',
  import: 'import',
  snippets: 'snippets',
} as const
const defaultTotal = 250 * 1024 ** 3

/** One storage on one node: volumes are files in a folder. */
export class Storage {
  definition: LabStorage
  readonly node: string
  /** The folder on this machine. */
  readonly folder: string

  readonly #isFull: () => boolean

  constructor(definition: LabStorage, node: string, folder: string, isFull: () => boolean) {
    this.#isFull = isFull
    this.definition = definition
    this.node = node
    this.folder = folder
    for (const content of definition.content) {
      const sub = content in folders ? folders[content as keyof typeof folders] : 'images'
      mkdirSync(path.join(folder, sub), { recursive: true })
    }
  }

  get id(): string {
    return this.definition.id
  }

  get isDirectory(): boolean {
    return this.definition.type !== 'lvmthin'
  }

  /** Where the storage claims to be. */
  get shownPath(): string {
    const fallback = this.definition.shared === true ? `/mnt/pve/${this.id}` : `/var/lib/${this.id}`
    return this.definition.path ?? (this.id === 'local' ? '/var/lib/vz' : fallback)
  }

  get total(): number {
    return this.definition.totalBytes ?? defaultTotal
  }

  get used(): number {
    if (this.#isFull()) return this.total
    return this.volumes().reduce((sum, volume) => sum + volume.used, 0)
  }

  get available(): number {
    return Math.max(0, this.total - this.used)
  }

  /** Whether the content type is enabled. */
  supports(content: string): boolean {
    return this.definition.content.includes(content)
  }

  /** Throws where nothing can be done with the storage. */
  requireEnabled(): void {
    if (this.definition.disabled === true) throw failed(`storage '${this.id}' is disabled`)
  }

  /** All volumes, sorted by content and name. */
  volumes(): Volume[] {
    const found: Volume[] = []
    for (const [content, folder] of Object.entries(folders)) {
      for (const name of entries(path.join(this.folder, folder))) {
        if (name.startsWith('.') || /\.tmp/.test(name)) continue
        const volume = this.find(`${content}/${name}`)
        if (volume !== undefined) found.push(volume)
      }
    }
    for (const vmid of entries(path.join(this.folder, 'images'))) {
      for (const name of entries(path.join(this.folder, 'images', vmid))) {
        const volume = this.find(this.isDirectory ? `${vmid}/${name}` : name)
        if (volume !== undefined) found.push(volume)
      }
    }
    return found.sort((a, b) => (a.volid < b.volid ? -1 : 1))
  }

  /** The file of a volume name (`iso/a.iso`, `100/vm-100-disk-0.raw`); throws for names of no kind. */
  fileOf(name: string): string {
    const [, kind = '', rest = ''] = /^([^/]+)\/([^/]+)$/.exec(name) ?? []
    if (!this.isDirectory) {
      const vmid = /^(?:vm|base)-(\d+)-\S+$/.exec(name)?.[1]
      if (vmid === undefined) throw failed(`unable to parse lvm volume name '${name}'`)
      return path.join(this.folder, 'images', vmid, name)
    }
    if (kind in folders) return path.join(this.folder, folders[kind as keyof typeof folders], rest)
    if (/^\d+$/.test(kind) && rest !== '') return path.join(this.folder, 'images', kind, rest)
    throw failed(`unable to parse directory volume name '${name}'`)
  }

  /** Where the volume claims to be. */
  shownFile(name: string): string {
    if (!this.isDirectory) return `/dev/${this.id}/${name}`
    return `${this.shownPath}${this.fileOf(name).slice(this.folder.length)}`
  }

  /** A volume by its name, `undefined` if there is none. */
  find(name: string): Volume | undefined {
    const file = this.fileOf(name)
    if (!existsSync(file)) return undefined
    const stat = statSync(file)
    const kind = this.isDirectory ? (name.split('/')[0] ?? '') : ''
    const content = kind in folders ? (kind as keyof typeof folders) : 'images'
    const vmid = /(?:vm|base)-(\d+)-/.exec(name)?.[1] ?? (/^\d+$/.test(kind) ? kind : undefined)
    return {
      volid: `${this.id}:${name}`,
      content,
      format: formatOf(content, name),
      size: content === 'images' && file.endsWith('.qcow2') ? (qcow2Size(file) ?? stat.size) : stat.size,
      used: content === 'images' ? stat.blocks * 512 : stat.size,
      ctime: Math.floor(stat.mtimeMs / 1000),
      vmid: content === 'images' && vmid !== undefined ? Number(vmid) : undefined,
      file,
    }
  }

  /** Makes a sparse disk with the first free number; returns the volume's name. */
  allocate(vmid: number, format: string, bytes: number, kind = 'disk'): string {
    const base = path.join(this.folder, 'images', String(vmid))
    mkdirSync(base, { recursive: true })
    const taken = new Set(entries(base).map((name) => name.replace(/\.\w+$/, '')))
    let stem = `vm-${vmid}-${kind}`
    if (kind === 'disk') {
      let number = 0
      while (taken.has(`vm-${vmid}-disk-${number}`)) number++
      stem = `vm-${vmid}-disk-${number}`
    }
    const file = this.isDirectory ? `${stem}.${format}` : stem
    writeFileSync(path.join(base, file), '')
    truncateSync(path.join(base, file), bytes)
    return this.isDirectory ? `${vmid}/${file}` : file
  }

  /** Removes a volume; nothing happens if there is none. */
  remove(name: string): void {
    const file = this.fileOf(name)
    rmSync(file, { force: true })
    removeIfEmpty(path.dirname(file), path.join(this.folder, 'images'))
  }
}

function formatOf(content: string, name: string): string {
  if (content === 'iso') return 'iso'
  if (content === 'snippets') return 'snippet'
  if (content === 'vztmpl') return name.replace(/^.*\.(?=tar\.)/, '').replace('tar.', 't')
  return /\.(qcow2|vmdk|raw)$/.exec(name)?.[1] ?? 'raw'
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

function removeIfEmpty(folder: string, parent: string): void {
  if (path.dirname(folder) === parent && existsSync(folder) && readdirSync(folder).length === 0)
    rmdirSync(folder)
}
