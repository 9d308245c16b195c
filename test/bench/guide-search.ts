/**
 * How long a key takes while somebody types what they look for, among 5,000 guides; beside search libraries over the
 * same guides in the same run. Each target is typed key by key in six ways; it counts as found when it, or a guide of
 * the same matter, stands among the first six after the last key.
 *
 *   node scripts/run.js test/bench/guide-search.ts [--guides 5000]
 *
 * Exit 1 when a key takes more than 30 ms (95 of 100, of this process's own time: others use the machine too).
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { guideIndexOf } from '../../device/content/guide-search/guide-index.ts'
import { spell } from '../../device/content/guide-search/spelling.ts'
import { Guide } from '../../sync/protocol/content.ts'
import { manyGuides } from '../device/support/many-guides.ts'
import { installPeers, peersOver, type Searched } from './peers-guides/peers.ts'
import { percentile, table } from './support.ts'

const { values } = parseArgs({ options: { guides: { type: 'string', default: '5000' } } })
const KEY_MAX_MS = 30
/** As many results as a page of the terminal asks for. */
const MOST = 60
const FIRST = 6
/** Of each matter the first name is looked for, as somebody knows it who has not seen the list. */
const TARGETS = [
  '居民身份证',
  '普通护照',
  '社会保障卡',
  '住房公积金',
  '残疾人证',
  '往来港澳通行证',
  '取水许可证',
  '户口簿',
]

const demo = join(import.meta.dirname, '../../sync/hall/demo/guides')
const samples = readdirSync(demo).map((file) =>
  Guide.parse(JSON.parse(readFileSync(join(demo, file), 'utf8'))),
)
const guides = manyGuides(samples, Number(values.guides))

const before = process.cpuUsage()
const index = guideIndexOf(guides)
const builtMs = cpuMs(before)
const ours: Searched = {
  name: 'Window24',
  search: (query) => index.search(query, 'zh', MOST).guides.map(({ name }) => name),
  sparse: 1,
}

/** What somebody types who looks for that name: `how` it is written, and the whole of it. */
const ways = (name: string): { how: string; whole: string }[] => {
  const sounds = spell(name).map(({ sounds: [first = ''] }) => first)
  const begun = sounds.map((sound, at) => (at % 2 === 0 ? sound : (sound[0] ?? ''))).join('')
  const byEar = sounds.map((sound) => sound.replace(/^([zcs])h/, '$1').replace(/ing$/, 'in')).join('')
  return [
    { how: 'initials', whole: sounds.map((sound) => sound[0]).join('') },
    { how: 'Pinyin', whole: sounds.join('') },
    { how: 'apart', whole: sounds.join(' ') },
    { how: 'syllables begun', whole: begun },
    { how: 'characters', whole: name },
    { how: 'mixed', whole: `${sounds[0]}${name.slice(1, 2)}${sounds.slice(2).join('')}` },
    { how: 'by ear', whole: byEar },
  ]
}

interface Figures {
  cpu: number[]
  wall: number[]
  sought: number
  found: number
}

function typed({ search, sparse }: Searched): Figures {
  const figures: Figures = { cpu: [], wall: [], sought: 0, found: 0 }
  let keys = 0
  const ask = (query: string): string[] => {
    const at = performance.now()
    const spent = process.cpuUsage()
    const names = search(query)
    figures.cpu.push(cpuMs(spent))
    figures.wall.push(performance.now() - at)
    return names
  }
  for (const target of TARGETS) {
    for (const { whole } of ways(target)) {
      for (let length = 1; length < whole.length; length += 1) {
        keys += 1
        if (keys % sparse === 0) ask(whole.slice(0, length))
      }
      figures.sought += 1
      const first = ask(whole).slice(0, FIRST)
      if (first.some((name) => name.startsWith(target))) figures.found += 1
    }
  }
  return figures
}

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

installPeers()
const searched = [ours, ...(await peersOver(guides))]
// Once through, so that all of them are compiled; then what counts.
typed(ours)
const rows = searched.map((one) => ({ name: one.name, ...typed(one) }))
const own = percentile(rows[0]?.cpu ?? [], 0.95)
table(
  rows.map(({ name, cpu, wall, sought, found }) => ({
    [`${guides.length} guides`]: name,
    'found of': `${found}/${sought}`,
    keys: cpu.length,
    'median ms': percentile(cpu, 0.5).toFixed(1),
    'p95 ms': percentile(cpu, 0.95).toFixed(1),
    'most ms': Math.max(...cpu).toFixed(1),
    'p95 by the clock': percentile(wall, 0.95).toFixed(1),
    'to ours': (percentile(cpu, 0.95) / own).toFixed(1),
  })),
)
console.log(`index made in ${builtMs.toFixed(0)} ms of this process's time`)
if (own > KEY_MAX_MS) {
  console.log(`a key takes ${own.toFixed(1)} ms; at most ${KEY_MAX_MS}`)
  process.exitCode = 1
}
