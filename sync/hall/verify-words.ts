/** What `window24 hall verify` prints. */
import type { ChainFault, ChainReport } from './verify.ts'

export function inWords(reports: readonly ChainReport[]): string {
  if (reports.length === 0) return 'no device was ever enrolled here\n'
  return reports.map(oneDevice).join('')
}

function oneDevice({ deviceId, name, events, faults, settled, setAside, awaited }: ChainReport): string {
  const notes = [
    `${events} events`,
    ...(setAside > 0 ? [`${setAside} set aside and told`] : []),
    ...(settled.length > 0 ? [`${settled.length} settled`] : []),
    ...(awaited > 0 ? [`${awaited} not sent yet`] : []),
    faults.length === 0 ? 'whole' : faults.length === 1 ? '1 fault' : `${faults.length} faults`,
  ]
  const lines = [
    `${deviceId} (${name}): ${notes.join(', ')}`,
    ...faults.map(oneFault),
    ...settled.map(oneFault),
  ]
  return `${lines.join('\n')}\n`
}

function oneFault({ kind, epoch, first, last, detail }: ChainFault): string {
  if (epoch === null) return `  ${kind}: ${detail}`
  const from = first === null ? '' : ` from ${first}`
  const to = last === null || last === first ? '' : ` to ${last}`
  const place = last !== null && last === first ? ` at ${first}` : from + to
  return `  ${kind}: epoch ${epoch}${place}: ${detail}`
}
