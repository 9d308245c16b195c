import { asRoot, cancelJobs, mayChangeOwner, quoted } from './commands.ts'
import type { AtQueue } from './findings.ts'
import { place, stop, values } from './phrases-en.ts'
import type { Context, Step, Words } from './words.ts'

/** About the A4 printer: CUPS, its queues, a printer in the network, a folder in its place. */
export const PRINTING_ADVICE = {
  'cups-down': (_, context) => ({
    what: 'The print service CUPS is not running.',
    stops:
      context.subject.kind === 'peripheral'
        ? 'Printing on A4.'
        : 'Printing on A4, if a print queue is to be used.',
    todo: [BEFORE_STARTING, asRoot(context.shell, 'systemctl start cups')],
  }),
  'cups-silent': (_, { shell }) => ({
    what: 'The print service CUPS does not answer.',
    stops: 'Printing on A4.',
    todo: [BEFORE_STARTING, asRoot(shell, 'systemctl restart cups')],
  }),
  'cups-absent': (_, { shell }) => ({
    what: 'The print service CUPS is not installed.',
    stops: 'Printing on A4.',
    todo: [asRoot(shell, 'apt-get install cups')],
  }),
  'cups-keeps-files': (_, { shell }) => ({
    what: 'CUPS keeps the files that it has printed (PreserveJobFiles).',
    stops: 'Nothing, but papers of citizens stay on the disk.',
    todo: [asRoot(shell, 'cupsctl PreserveJobFiles=No')],
  }),
  'queue-policy': ({ policy, ...at }, { shell }) => {
    const setting = '-o printer-error-policy=abort-job'
    return {
      what: `Queue ${at.queue} is set to ${policy} after an error.`,
      stops: 'What failed for want of paper stays there, and prints at refill when nobody waits for it.',
      todo: at.here
        ? [asRoot(shell, `lpadmin -p ${quoted(at.queue)} ${setting}`)]
        : [`On the server ${at.host}, set queue ${at.queue} to abort-job (lpadmin, ${setting}).`],
    }
  },
  'printer-backlog': ({ jobs, ...at }, context) => ({
    what: `Unprinted papers of this machine wait at ${at.queue}: ${jobs.length}.`,
    stops: 'They all come out once the printer works again, perhaps for nobody.',
    todo: ['If it is printing, wait. If nobody waits for them, clear them:', ...clearing(at, jobs, context)],
  }),
  'printer-stopped': ({ reasons, jobs, ...at }, context) => {
    const causes = reasons.filter((reason) => reason !== 'paused')
    const told = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`
    const backlog = jobs.length === 0 ? '' : ` Unprinted papers of this machine wait there: ${jobs.length}.`
    return {
      what: `Printer ${at.queue} has stopped${told}.${backlog}`,
      stops: 'Printing on A4.',
      todo: [
        ...(jobs.length === 0
          ? []
          : [
              'Clear first what waits, unless its people stand here: it is printed as soon as the printer goes on.',
              ...clearing(at, jobs, context),
            ]),
        causes.length < reasons.length && causes.length === 0
          ? 'It was paused, by somebody or by the queue after a failed job: ask why, and mend that.'
          : 'Fill in paper, clear the jam, close the cover.',
        ...(at.here
          ? ['Then set it going:', asRoot(context.shell, `cupsenable ${quoted(at.queue)}`)]
          : [`If it does not go on then, set it going on ${at.host}.`]),
      ],
    }
  },
  'printer-refusing': ({ queue, here, host }, { shell }) => ({
    what: `Printer ${queue} takes no jobs.`,
    stops: 'Printing on A4.',
    todo: here
      ? [asRoot(shell, `cupsaccept ${quoted(queue)}`)]
      : [`See what its panel says, or let it take jobs on the server ${host}.`],
  }),
  'printer-absent': ({ url, here, queue, candidates }, context) =>
    stop(
      `There is no printer at ${url}.`,
      context,
      candidates.length > 0
        ? [place(context), ...values(candidates)]
        : here && queue !== null
          ? [
              'Make the queue, with the address of the printer in place of PRINTER:',
              asRoot(
                context.shell,
                `lpadmin -p ${quoted(queue)} -E -m everywhere -o printer-error-policy=abort-job -v ipp://PRINTER/ipp/print`,
              ),
            ]
          : ['Check the path in that address: /printers/NAME for CUPS, /ipp/print for most printers.'],
    ),
  'printer-unreachable': ({ url, trouble, detail }, context) =>
    stop(`The printer at ${url} cannot be used: ${detail}.`, context, [
      trouble === 'unreachable' || trouble === 'timeout' || trouble === 'cut'
        ? 'Check its power, its network cable and its address.'
        : 'It answers, so power and cable are in order: check its address, and what it lets this machine do.',
    ]),
  'folder-missing': ({ path, user }, context) =>
    stop(`There is no folder ${path}.`, context, [
      'If it lies on another disk or in the network, mount it first. Otherwise make it:',
      asRoot(context.shell, `install -d -m 0700 -o ${quoted(user)} ${quoted(path)}`),
    ]),
  'folder-is-none': ({ path }, context) =>
    stop(`${path} is a file, no folder.`, context, [`${place(context)} dir: and the path of a folder.`]),
  'folder-forbidden': ({ path, user, access, target }, context) => {
    const { decidedBy, owner, group, mode } = access
    const rights = `(${owner}:${group}, mode ${mode.toString(8)})`
    return decidedBy !== path
      ? stop(`User ${user} may not go through ${decidedBy} ${rights} to ${path}.`, context, [
          `Choose another folder. ${place(context)} dir: and its path.`,
        ])
      : stop(
          `User ${user} may not write into ${path} ${rights}.`,
          context,
          target !== null && mayChangeOwner(target)
            ? [
                'If it is there for these pages alone, give it to the user:',
                asRoot(context.shell, `chown ${quoted(user)} ${quoted(target)}`),
              ]
            : [`It is not for these pages: choose another folder. ${place(context)} dir: and its path.`],
        )
  },
} satisfies Partial<Words['advice']>

const BEFORE_STARTING =
  'Once it runs it prints what waits in its queues: if nobody waits for that, switch the printer off first, and run this again afterwards.'

const clearing = (at: AtQueue, jobs: readonly number[], { shell }: Context): Step[] =>
  at.here ? [cancelJobs(shell, at.queue, jobs)] : [`on ${at.host}, jobs ${jobs.join(', ')} of ${at.queue}.`]
