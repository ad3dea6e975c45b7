import { finished } from '../../api-client.ts'
import { type Group, inOrder } from '../group.ts'
import { knowDigests } from '../recorded-file.ts'
import { serveFiles } from '../web-server.ts'
import { tokenHeader, type World } from '../world.ts'
import { addEarlierFiles } from './recorded-machines.ts'

/** Files that the node fetches itself. */
export const download: Group = {
  name: 'download',
  source: 'recorded-more',
  order: inOrder('download', [
    ['ok', 'existing', 'existing-with-matching-checksum', 'existing-with-wrong-checksum'],
    ['ok-sha256', 'ok-sha512', 'ok-md5', 'ok-sha256-uppercase', 'wrong-checksum'],
    ['after-wrong-checksum-content', 'compression-gzip', 'compression-gzip-decompress-existing'],
    ['url-with-space', 'url-with-query'],
    ['running-status', 'running-log', 'running-content-list', 'running-same-name-second'],
    ['abort', 'abort-status', 'abort-log'],
  ]),
  setUp: async (world) => {
    world.atEnd(await serveFiles(world))
    knowDigests(world)
    addEarlierFiles(world)
    world.identities.set('token with only PVEDatastoreUser on /storage/local', () =>
      tokenHeader('ml@pve!lim'),
    )
  },
  prepare: {
    'download/running-status': beginDownload,
    'download/abort-status': async (world) => {
      await finished(world.lab, world.known.get(recordedTask) ?? '')
    },
  },
  shapeOnly: { 'download/running-content-list': 'what earlier downloads left' },
  disagreements: {
    'download/abort-log': 'the recorded one had come further',
    'download/filename-254': 'a task id that is too long for the name of its log file',
    'download/redirect-loop': 'wget keeps a connection, and the recorded server ended it in between',
  },
  excluded: {
    'download/abort-files': 'a listing of a folder of the recording machine',
    'download/after-wrong-checksum-files': 'a listing of a folder of the recording machine',
    'download/short-body': 'how often wget tries again, and how long it waits',
  },
}

const recordedTask = 'UPID:pve:00000BB6:000A0CF5:6B033EC9:download:dl30.iso:root@pam:'

/** A download that does not end: its server sends the beginning of the file, and no more. */
async function beginDownload(world: World): Promise<void> {
  const url = `http://${world.aliases.get('10.11.12.13:8080')}/big.iso`
  const form = { content: 'iso', filename: 'dl30.iso', url }
  const { data: upid } = (await world.ask('POST', '/nodes/pve/storage/local/download-url', form)).body
  world.known.set(recordedTask, upid)
  const log = `/nodes/pve/tasks/${encodeURIComponent(upid)}/log`
  for (;;) {
    const { data: lines } = (await world.ask('GET', log)).body
    if (lines.some(({ t }: { t: string }) => t.startsWith('Saving to'))) return
  }
}
