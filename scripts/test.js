// npm test: installs what the tests need, then every check of the house, and ends with "N passed, N failed".
// Arguments go to vitest alone: npm test -- -t "a scanned receipt opens its case".
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensurePages } from './build-pages.js'
import { ensureInstalled } from './install.js'
import { pinnedNode, root, unsupportedMachine } from './runtime.js'

/** What the tests run beside the packages of the lockfile, and how one sees that it is there. */
const debianPackages = [
  { name: 'chromium', installed: () => onPath('chromium') },
  { name: 'poppler-utils', installed: () => onPath('pdftotext') },
  // The voice of the pages.
  { name: 'espeak-ng', installed: () => onPath('espeak-ng') },
  { name: 'zbar-tools', installed: () => onPath('zbarimg') },
  { name: 'libusb-1.0-0', installed: () => sharedLibrary('libusb-1.0.so.0') },
  // The other ends of the wires: ptys, USB HID devices, and printers that speak IPP.
  { name: 'iproute2', installed: () => onPath('ip') || existsSync('/usr/sbin/ip') },
  { name: 'socat', installed: () => onPath('socat') },
  { name: 'umockdev', installed: () => onPath('umockdev-run') },
  // Asked what it decides by the rules that the technician installs.
  { name: 'udev', installed: () => onPath('udevadm') },
  { name: 'cups-daemon', installed: () => existsSync('/usr/sbin/cupsd') },
  { name: 'cups-client', installed: () => existsSync('/usr/sbin/lpadmin') },
  { name: 'cups-filters', installed: () => existsSync('/usr/lib/cups/filter/pdftopdf') },
  { name: 'cups-ipp-utils', installed: () => existsSync('/usr/sbin/ippeveprinter') },
  // ippeveprinter announces itself and dies where nobody listens.
  { name: 'dbus', installed: () => onPath('dbus-daemon') },
  { name: 'avahi-daemon', installed: () => existsSync('/usr/sbin/avahi-daemon') },
  // A stick as it is bought; kernels of containers have no FAT of their own.
  { name: 'dosfstools', installed: () => onPath('mkfs.vfat') || existsSync('/usr/sbin/mkfs.vfat') },
  { name: 'fusefat', installed: () => onPath('fusefat') },
  // The hall server's other store.
  { name: 'postgresql-15', installed: () => existsSync('/usr/lib/postgresql/15/bin/postgres') },
]

/** @param {string} command */
const onPath = (command) =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, command)))

/** @param {string} name */
const sharedLibrary = (name) =>
  readdirSync('/usr/lib', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .some((folder) => existsSync(join('/usr/lib', folder.name, name)))

/** Begins to install what is missing; throws, at once or when it is awaited, with what a person can do. */
function ensureDebianPackages() {
  const missing = debianPackages.filter(({ installed }) => !installed()).map(({ name }) => name)
  if (missing.length === 0) return Promise.resolve()
  const install = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (process.getuid?.() !== 0) {
    throw new Error(`The tests need Debian packages that are not installed. Run:\n\n  sudo ${install}\n`)
  }
  console.log(`Installing what the tests need: ${missing.join(' ')} …`)
  const apt = spawn('sh', ['-c', `apt-get update -qq; ${install}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  const installed = once(apt, 'close').then(([status]) => {
    if (status !== 0) throw new Error(`Could not install them. Run this and see why:\n\n  ${install}\n`)
  })
  // Whoever awaits it hears of it; until then it is nobody's unhandled rejection.
  installed.catch(() => {})
  return installed
}

/**
 * Each is the work of one processor for seconds, and none reads what another writes: the longest first, as many at
 * once as there are processors.
 * @type {{ name: string, args: string[] }[]} args of the pinned Node
 */
const checks = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '-p', '.'] },
  { name: 'the pages can be built', args: ['scripts/build-pages.js'] },
  {
    name: 'types of the pages',
    args: ['node_modules/svelte-check/bin/svelte-check', '--tsconfig', 'ui/tsconfig.json'],
  },
  { name: 'arrows point down', args: ['scripts/house.ts', '--check'] },
  {
    // Biome is a program of its own, started by a small Node script.
    name: 'formatting and lint',
    args: ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '--diagnostic-level=warn', '.'],
  },
]

let passed = 0
let failed = 0

/**
 * What it says stands whole under its name, also where others run beside it.
 * @param {{ name: string, args: string[] }} check
 */
async function run({ name, args }) {
  const started = Date.now()
  const child = spawn(pinnedNode() ?? '', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  /** @type {Buffer[]} */
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => said.push(bytes))
  const [status] = await once(child, 'close')
  const ok = status === 0
  if (ok) passed += 1
  else failed += 1
  console.log(`${ok ? '✓' : '✗'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  process.stdout.write(Buffer.concat(said))
}

async function runChecks() {
  const waiting = checks.values()
  const lane = async () => {
    for (const check of waiting) await run(check)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
}

/**
 * The drivers' own tests, which count the lines of each of their files, and all others, which are not slowed down by the
 * counting. The projects are those of vitest.config.ts.
 */
const DRIVERS = ['--project=drivers', '--project=drivers alone']
const OTHERS = ['--project=!drivers*']

/** @param {string[]} args of vitest */
function tests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'window24-test-'))
  const report = join(folder, 'report.json')
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json']
  const { status } = spawnSync(pinnedNode() ?? '', [...vitest, `--outputFile.json=${report}`, ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null
  rmSync(folder, { recursive: true, force: true })
  passed += counts?.numPassedTests ?? 0
  failed += counts?.numFailedTests ?? 0
  // A file that cannot even be loaded, or an unhandled rejection, fails no single test.
  if (status !== 0 && !counts?.numFailedTests) failed += 1
}

try {
  const trouble = unsupportedMachine()
  if (trouble !== null) throw new Error(trouble)
  const onlyTests = process.argv.slice(2)
  // Beside npm's download and the checks: only the tests need them.
  const debian = ensureDebianPackages()
  ensureInstalled()
  if (onlyTests.length === 0) await runChecks()
  await debian
  // Nothing is left to build, but the pages' voice where it was installed only now, and what could not be built: that is
  // said again, and no page of another day is tested.
  ensurePages()
  if (onlyTests.length > 0) tests(onlyTests)
  else {
    tests(['--coverage', ...DRIVERS])
    tests(OTHERS)
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  failed += 1
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
