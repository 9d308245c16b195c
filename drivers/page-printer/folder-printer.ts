import type { PrintOutcome } from '../status.ts'
import { type Attendance, type Ending, type Link, lineLost, supervise } from '../supervisor.ts'
import { sleep } from '../time.ts'
import type { Closed, Opened } from '../transport/connection.ts'
import { parsePort } from '../transport/port.ts'
import { checkFolder, removeParts, writePage } from './directory.ts'
import type { PageTray } from './tray.ts'

/** A folder is removed or unmounted without a word: looked after as often as a printer's paper. */
const HEARTBEAT_MS = 2000

interface Folder extends Link {
  path: string
}

/** Keeps a folder ready to take pages, one file each. */
export function superviseFolderPrinter(port: string): PageTray {
  let session: { folder: Folder; attendance: Attendance } | undefined
  const peripheral = supervise<Folder>({
    port,
    closedReason: 'folder',
    open: () => openFolder(port),
    attend: async (folder, attendance) => {
      session = { folder, attendance }
      try {
        return await watch(folder, attendance)
      } finally {
        session = undefined
      }
    },
  })
  return {
    ...peripheral,
    printPdf: async (pdf, { onSent }): Promise<PrintOutcome> => {
      if (session === undefined) return { outcome: 'failed', reason: 'folder' }
      const { folder, attendance } = session
      const written = await writePage(folder.path, pdf)
      if (written.ok) {
        onSent()
        return { outcome: 'printed', proof: 'confirmed' }
      }
      attendance.fault('folder', written.detail)
      return { outcome: 'failed', reason: 'folder' }
    },
  }
}

async function openFolder(port: string): Promise<Opened<Folder>> {
  const parsed = parsePort(port)
  if (!parsed.ok) return { ok: false, detail: parsed.fault }
  if (parsed.port.kind !== 'dir')
    return { ok: false, detail: `port ${port}: this printer wants a folder, dir:/PATH` }
  const { path } = parsed.port
  const checked = await checkFolder(path)
  if (!checked.ok) return checked
  const cleaned = await removeParts(path)
  if (!cleaned.ok) return cleaned
  const { promise: closed, resolve } = Promise.withResolvers<Closed>()
  const close = async (): Promise<void> => resolve({ cause: 'closed-here', detail: 'closed by this program' })
  return { ok: true, link: { path, closed, close } }
}

async function watch(folder: Folder, attendance: Attendance): Promise<Ending> {
  while (!attendance.signal.aborted) {
    const checked = await checkFolder(folder.path)
    if (!checked.ok) return { reason: 'folder', detail: checked.detail }
    attendance.ready()
    await sleep(HEARTBEAT_MS, attendance.signal)
  }
  return lineLost(folder, attendance.signal)
}
