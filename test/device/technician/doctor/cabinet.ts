import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { doctorCommand } from '../../../../device/technician/doctor/command.ts'
import type { Machine } from '../../../../drivers/discovery/machine.ts'

export type Peripherals = Record<string, Record<string, unknown>>

/** A device.json that binds these; the rest of it is in order. */
export function deviceJsonWith(peripherals: Peripherals): string {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'device.json')
  writeFileSync(
    file,
    JSON.stringify({
      role: 'terminal',
      device: { name: 'night terminal' },
      hall: { url: 'https://hall.example' },
      peripherals,
    }),
  )
  return file
}

export interface Visit {
  exit: number
  text: string
  errors: string
}

/** One run of the command on that machine, with what it said. */
export async function visit(machine: Machine, args: string[]): Promise<Visit> {
  const spies = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')]
  for (const spy of spies) spy.mockReturnValue(true)
  try {
    const exit = await doctorCommand(args, machine)
    const [text = '', errors = ''] = spies.map((spy) => spy.mock.calls.map(([part]) => String(part)).join(''))
    return { exit, text, errors }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

/** The same visit in both languages. */
export async function visits(machine: Machine, args: string[]): Promise<{ zh: Visit; en: Visit }> {
  return {
    zh: await visit(machine, [...args, '--lang', 'zh']),
    en: await visit(machine, [...args, '--lang', 'en']),
  }
}

interface JsonFinding {
  id: string
  severity: string
  subject: { kind: string; name?: string }
}

/** `severity id` of each finding, in order. */
export async function findings(machine: Machine, args: string[]): Promise<string[]> {
  const { text } = await visit(machine, [...args, '--json'])
  const report = JSON.parse(text) as { findings: JsonFinding[] }
  return report.findings.map(({ severity, id }) => `${severity} ${id}`)
}
