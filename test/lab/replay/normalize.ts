/** What differs from run to run, and the host's own traits, by what stands for it in a comparison. */
const volatile: readonly (readonly [RegExp, string])[] = [
  // Type, id and user of a task are determined; its process and time are not.
  [/UPID:([^:\s]+):[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:/g, 'UPID:$1:…:'],
  [/BC:24:11(?::[0-9A-F]{2}){3}/g, 'BC:24:11:…'],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>'],
  [/creation-qemu=[\d.]+,ctime=\d+/g, 'creation-qemu=…,ctime=…'],
  // A password's salt and hash.
  [/\$5\$[^\s$]+\$[A-Za-z0-9./]+/g, '<hash>'],
  // Where in Proxmox's source a Perl `die` stood.
  [/ at \/usr\/\S+ line \d+/g, ' at <source> line …'],
  [/pveupload-[0-9a-f]+/g, 'pveupload-…'],
  [/tmp_(dwnl|dcom)\.\d+/g, 'tmp_$1.…'],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?= (?:\(|ERROR)|--)/g, '<time>'],
  // The rate of a download.
  [/(?<=<time> )\([\d.]+ [KMG]?B\/s\)/g, '(…)'],
]

/** A text in which only what is determined is left. */
export function normalizeText(text: string): string {
  return volatile.reduce((result, [pattern, replacement]) => result.replaceAll(pattern, replacement), text)
}

/** A task's log without the lines that tell of progress: how many there are depends on the machine. */
export function normalizeLog(lines: readonly string[]): string[] {
  return lines.filter((line) => !isProgress(line)).map(normalizeText)
}

function isProgress(line: string): boolean {
  return /^ *\d+K[ .]|^transferred .* \(\d+\.\d+%\)$/.test(line)
}
