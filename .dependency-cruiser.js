// The house's arrows (DESIGN.md): ui → the devices' contract; device → sync, drivers; nothing points up.
/**
 * @param {string} name
 * @param {string} from
 * @param {string} to
 * @param {string} comment
 * @returns {import('dependency-cruiser').IRegularForbiddenRuleType}
 */
const upward = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: to },
})

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    upward(
      'drivers-know-only-drivers',
      '^drivers/',
      '^(sync|device|ui|scripts|test)/',
      'bytes to meaning: no hall, no rating, no HTTP',
    ),
    upward(
      'sync-knows-only-sync',
      '^sync/',
      '^(drivers|device|ui|scripts|test)/',
      'both ends of the line, none of the devices',
    ),
    upward('devices-end-of-the-line', '^sync/(?!hall/)', '^sync/hall/', 'a device carries no hall server'),
    upward(
      'device-points-down',
      '^device/',
      '^(sync/hall|ui|scripts|test)/',
      'a device knows its drivers and its end of the line',
    ),
    upward(
      'nothing-leans-on-tests',
      '^(drivers|sync|device|ui|scripts)/',
      '^test/',
      'the product runs without its tests',
    ),
    {
      name: 'pages-know-only-contracts',
      comment: 'a page shows what its device tells it, and nothing of how',
      severity: 'error',
      from: { path: '^ui/' },
      to: {
        path: '^(device|sync|drivers|scripts|test)/',
        pathNot: '^(device/http/contract(-words)?|sync/hall/http/contract|scripts/demo/contract)\\.ts$',
      },
    },
    {
      name: 'only-the-dock-knows-the-demo',
      severity: 'error',
      from: { path: '^ui/(?!dock/)' },
      to: { path: '^scripts/' },
    },
    {
      name: 'pages-stand-apart',
      comment: 'what two pages need lives in ui/shared',
      severity: 'error',
      from: { path: '^ui/(terminal|pad|window|dock|setup|hall)/' },
      to: { path: '^ui/(terminal|pad|window|dock|setup|hall)/', pathNot: '^ui/$1/' },
    },
    {
      name: 'one-driver-knows-no-other',
      severity: 'error',
      from: { path: '^drivers/(id-reader|scanner|receipt-printer|page-printer|keypad)/' },
      to: {
        path: '^drivers/(id-reader|scanner|receipt-printer|page-printer|keypad|simulators)/',
        pathNot: '^drivers/$1/',
      },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'only-what-is-there',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^window24:' },
    },
    {
      name: 'the-product-needs-no-workshop-tool',
      severity: 'error',
      from: { path: '^(drivers|sync|device|ui)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^ui/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.svelte', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'svelte', 'node', 'default'],
    },
    reporterOptions: {
      // Pages on top, bytes at the bottom: an arrow that points up in the picture is one that should not be there.
      archi: {
        collapsePattern:
          '^(drivers|sync|device|ui|scripts)/[^/]+(?=/)|^(drivers|sync|device|ui|scripts)(?=/[^/]+$)',
        theme: {
          replace: true,
          graph: {
            rankdir: 'TB',
            ranksep: '0.9',
            nodesep: '0.25',
            bgcolor: '#F7F4EC',
            fontname: 'Helvetica',
            fontsize: '13',
            color: '#C9C2AF',
            style: 'rounded',
            compound: 'true',
            pad: '0.3',
          },
          node: {
            shape: 'box',
            style: 'rounded,filled',
            fillcolor: '#FFFFFF',
            color: '#10233F',
            fontcolor: '#10233F',
            fontname: 'Helvetica',
            fontsize: '12',
            height: '0.34',
          },
          edge: { color: '#10233F66', arrowhead: 'normal', arrowsize: '0.6', penwidth: '1.0' },
        },
      },
    },
  },
}
