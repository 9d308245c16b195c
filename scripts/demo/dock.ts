import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import express, { type Express } from 'express'
import { root } from '../runtime.js'
import type { Bench } from './bench.ts'
import { DockAction, type DockState } from './contract.ts'
import type { Line } from './line.ts'
import { watchPages } from './pages.ts'
import type { Part } from './part.ts'
import { demoCases, demoPeople } from './people.ts'
import { WindowClient } from './window-client.ts'

export interface DockOptions {
  port: number
  parts: { hall: Part; terminal: Part; pad: Part }
  bench: Bench
  line: Line
  pagesDir: string
  windowToken: string
  staffId: string
}

/** The bench dock: a panel beside the screens that moves the simulated peripherals and the line. */
export interface Dock {
  /** null when its port was taken; the rest runs without it. */
  readonly url: string | null
  state(): Promise<DockState>
  close(): Promise<void>
}

/** How often what only changes elsewhere (counts, backlogs, the evaluation's state) is asked for. */
const POLL_MS = 500
const LONGEST_LIST = 20

export async function startDock(options: DockOptions): Promise<Dock> {
  const { parts, bench, line } = options
  const window = new WindowClient(parts.pad.hello().windowUrl ?? null, options.windowToken)
  const pages = watchPages(options.pagesDir)
  const receipts: (DockState['receipts'][number] & { png: Buffer })[] = []
  const at = { reader: true, scanner: true, printer: true, keypad: true }
  let cardOnReader: string | null = null
  let paper: DockState['paper'] = 'ok'
  let coverOpen = false

  bench.printer.onReceipt((receipt) => {
    const { id, png, widthDots, heightDots } = receipt
    receipts.unshift({
      id,
      png,
      widthDots,
      heightDots,
      url: `/dock/receipts/${id}.png`,
      at: new Date().toISOString(),
    })
    receipts.length = Math.min(receipts.length, LONGEST_LIST)
    void tell()
  })

  const state = async (): Promise<DockState> => {
    const [counts, terminalBacklog, padBacklog, evaluation] = await Promise.all([
      parts.hall.ask<{ counts: { rating: number } }>('counts', 'counts'),
      backlogOf(parts.terminal),
      backlogOf(parts.pad),
      window.evaluation(),
    ])
    return {
      terminal: address(parts.terminal, parts.terminal.hello().screenUrl),
      pad: address(parts.pad, parts.pad.hello().screenUrl),
      hall: address(parts.hall, parts.hall.hello().url),
      window: address(parts.pad, parts.pad.hello().windowUrl),
      people: demoPeople.map(({ id, name, note }) => ({ id, name, note })),
      cases: demoCases,
      cardOnReader,
      readerPlugged: at.reader,
      scannerPlugged: at.scanner,
      printerPlugged: at.printer,
      keypadPlugged: at.keypad,
      keypadAsks: at.keypad && bench.keypad.asking(),
      paper,
      coverOpen,
      receipts: receipts.map(({ png: _png, ...receipt }) => receipt),
      pages: pages.list(),
      line: line.state(),
      evaluation,
      ratingsAtHall: counts?.counts.rating ?? null,
      backlog: { terminal: terminalBacklog, pad: padBacklog },
      servingTicketNo: null,
    }
  }

  const act = async (action: DockAction): Promise<void> => {
    switch (action.type) {
      case 'place-card': {
        const person = demoPeople.find(({ id }) => id === action.person)
        if (!person) return
        if (cardOnReader !== null) bench.reader.liftCard()
        bench.reader.placeCard(person.card)
        cardOnReader = person.id
        return
      }
      case 'lift-card':
        bench.reader.liftCard()
        cardOnReader = null
        return
      case 'scan':
        bench.scanner.scan(action.text)
        return
      case 'plug': {
        const simulator = bench[action.peripheral]
        await (action.plugged ? simulator.plug() : simulator.unplug())
        at[action.peripheral] = action.plugged
        return
      }
      case 'press-keys': {
        const keys = action.keys.map((key) => key - 1)
        bench.keypad.pressTogether(keys)
        return
      }
      case 'set-paper':
        bench.printer.setPaper(action.paper)
        paper = action.paper
        return
      case 'set-cover':
        bench.printer.setCover(action.open)
        coverOpen = action.open
        return
      case 'set-line':
        line.set(action.line)
        return
      case 'ask-for-rating': {
        const wanted = demoCases.find(({ caseNo }) => caseNo === action.caseNo)
        if (wanted) await window.ask(wanted, options.staffId)
        return
      }
      case 'cancel-rating':
        await window.cancel()
        return
      case 'set-window':
        await window.setService(action.state)
        return
    }
  }

  // ---- its page and its events ------------------------------------------------------------------------------

  const watchers = new Set<(text: string) => void>()
  let lastTold = ''
  const tell = async () => {
    if (watchers.size === 0) return
    const text = JSON.stringify(await state())
    if (text === lastTold) return
    lastTold = text
    for (const send of watchers) send(text)
  }
  const poll = setInterval(() => void tell(), POLL_MS)
  pages.onChange(() => void tell())

  const app = express()
  app.disable('x-powered-by')
  onlyFromThisMachine(app)
  app.get('/', (_request, response) => response.redirect('/dock/'))
  app.use(express.static(join(root, 'ui/dist')))
  app.get('/dock/state', async (_request, response) => {
    response.json(await state())
  })
  app.get('/dock/events', async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    const send = (text: string) => response.write(`event: state\ndata: ${text}\n\n`)
    send(JSON.stringify(await state()))
    watchers.add(send)
    response.on('close', () => watchers.delete(send))
  })
  app.post('/dock/actions', express.json({ limit: '32kb' }), async (request, response) => {
    const action = DockAction.safeParse(request.body)
    if (!action.success) {
      const detail = action.error.issues
        .map(({ path, message }) => `${path.join('.')}: ${message}`)
        .join('; ')
      response.status(400).type('application/problem+json')
      response.send({ type: 'urn:w24:problem:bad-action', code: 'bad-action', title: '动作不对', detail })
      return
    }
    await act(action.data)
    lastTold = ''
    response.json(await state())
    void tell()
  })
  app.get('/dock/receipts/:file', (request, response) => {
    const receipt = receipts.find(({ id }) => `${id}.png` === request.params.file)
    if (receipt) response.type('png').send(receipt.png)
    else response.sendStatus(404)
  })
  app.get('/dock/pages/:file', (request, response) => {
    const path = pages.path(request.params.file)
    if (path) response.type('pdf').sendFile(path, { dotfiles: 'allow' })
    else response.sendStatus(404)
  })

  const server = await listen(app, options.port)
  if (server === null)
    console.log(`端口 ${options.port} 被占用，没有工作台 · port ${options.port} is taken: no bench dock`)

  await window.setStaff(options.staffId)
  return {
    url: server ? `http://127.0.0.1:${options.port}/` : null,
    state,
    async close() {
      clearInterval(poll)
      pages.close()
      server?.closeAllConnections()
      await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
    },
  }
}

const address = (part: Part, url: string | undefined) => {
  const hello = part.hello()
  return { url: url ?? null, trouble: hello.ready ? null : (hello.message ?? 'not running') }
}

/** What waits on a device to be sent, as its own screen is told. */
async function backlogOf(part: Part): Promise<number | null> {
  const url = part.hello().screenUrl
  if (!url) return null
  try {
    const response = await fetch(new URL('/api/state', url), { signal: AbortSignal.timeout(POLL_MS) })
    const { line } = (await response.json()) as { line: { backlog: number } }
    return line.backlog
  } catch {
    return null
  }
}

/** A page elsewhere must not move the bench through a visitor's browser (DNS rebinding, cross-site posts). */
function onlyFromThisMachine(app: Express): void {
  app.use((request, response, next) => {
    const hosts = ['127.0.0.1', 'localhost']
    const origin = request.headers.origin
    const hostOk = hosts.includes(request.hostname)
    const originOk = origin === undefined || origin === `http://${request.headers.host ?? ''}`
    if (hostOk && originOk) next()
    else response.sendStatus(403)
  })
}

async function listen(app: Express, port: number): Promise<Server | null> {
  const server = createServer(app)
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null)
      else reject(error)
    })
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
