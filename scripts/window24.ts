/** `window24 <command>`: hands each command to the room that it belongs to (PROTOCOLS.md §5). */

interface Command {
  summary: string
  run: (args: string[]) => Promise<number>
}

/** Loaded only when asked for: a device never pays for the hall server's modules, nor the other way round. */
const commands: Record<string, Command> = {
  device: {
    summary: 'run one terminal or pad, or set one up at /setup/: --config F --data DIR',
    run: async (args) => (await import('../device/command.ts')).deviceCommand(args),
  },
  hall: {
    summary: 'run the hall server, or ask it: hall | hall enrol | hall devices | hall verify | …, --data DIR',
    run: async (args) => (await import('../sync/hall/command.ts')).hallCommand(args),
  },
  demo: {
    summary: 'a whole hall on this machine: hall server, terminal, pad, simulated peripherals, bench dock',
    run: async (args) => (await import('./demo/command.ts')).demoCommand(args),
  },
  simulate: {
    summary:
      'the other end of a wire: id-reader | scanner | receipt-printer | keypad | page-printer | province',
    run: async (args) => (await import('./simulate.ts')).simulateCommand(args),
  },
  setup: {
    summary:
      'the configuration of a device as a sealed file, for others of its kind: setup export | setup import',
    run: async (args) => (await import('../device/technician/configuration/command.ts')).setupCommand(args),
  },
  doctor: {
    summary: 'what is wrong with the ports and devices of this machine, and what to do: --config F',
    run: async (args) => (await import('../device/technician/doctor/apart.ts')).doctorCommand(args),
  },
  test: {
    summary: 'try one peripheral of a device that does not run: test PERIPHERAL --config F',
    run: async (args) => (await import('../device/technician/peripherals/command.ts')).testCommand(args),
  },
  report: {
    summary: 'the readiness report of a device as PDF, to be signed: --config F --data DIR --out FILE.pdf',
    run: async (args) => (await import('../device/technician/report/command.ts')).reportCommand(args),
  },
}

const help = `window24: device software for government service halls

${Object.entries(commands)
  .map(([name, { summary }]) => `  window24 ${name.padEnd(10)} ${summary}`)
  .join('\n')}

  window24 <command> --help tells more.
`

/** Exit codes: 0 done, 1 fault found, 2 wrong use. */
export async function main(args: string[]): Promise<void> {
  const [name, ...rest] = args
  const command = name === undefined ? undefined : commands[name]
  if (command) {
    process.exitCode = await command.run(rest)
  } else if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(help)
  } else {
    process.stderr.write(`window24: no command is called "${name}"\n\n${help}`)
    process.exitCode = 2
  }
}
