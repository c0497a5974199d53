import { hasDigit } from '../value-checks.ts';
import { ASSIGN, namedRule, tokenRule, type Rule } from '../rule.ts';

/** Source code, packages, builds, issues, documents. */
export const codeServiceRules: readonly Rule[] = [
  tokenRule('github-token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], 'gh[pousr]_[A-Za-z0-9_.-]{30,255}'),
  tokenRule('github-token', 'github_pat_', 'github_pat_\\w{22,255}'),
  tokenRule(
    'gitlab-token',
    ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glft-', 'glimt-', 'glagent-', 'glsoat-', 'glffct-', 'gloas-', 'glwt-', 'gr1348941'],
    '(?:gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct|oas|wt)-[\\w.-]{18,300}|GR1348941[\\w-]{20})',
  ),
  tokenRule('bitbucket-password', 'atbb', 'ATBB[A-Za-z0-9_=]{24,60}'),
  tokenRule('atlassian-token', ['atatt3', 'atctt3'], 'AT[AC]TT3[\\w=-]{60,300}'),
  tokenRule('npm-token', 'npm_', 'npm_[A-Za-z0-9]{36}'),
  {
    name: 'npm-token',
    keywords: ['_authtoken', '_auth', '_password'],
    pattern: new RegExp(`_(?:authToken|auth|password)${ASSIGN}(?<secret>[\\w+/=.-]{8,300})`, 'i'),
    // Left to the other rules where it is no line of an .npmrc.
    accept: (secret) => hasDigit(secret),
  },
  tokenRule('pypi-token', 'pypi-', 'pypi-[\\w-]{40,400}'),
  tokenRule('rubygems-key', 'rubygems_', 'rubygems_[0-9a-f]{48}'),
  tokenRule('crates-token', 'cio', 'cio[A-Za-z0-9]{32}(?![A-Za-z0-9])', hasDigit),
  tokenRule('nuget-key', 'oy2', 'oy2[a-z0-9]{43}(?![A-Za-z0-9])'),
  tokenRule('clojars-token', 'clojars_', 'CLOJARS_[a-z0-9]{60}'),
  tokenRule('docker-hub-token', ['dckr_pat_', 'dckr_oat_'], 'dckr_(?:pat|oat)_[\\w-]{24,80}'),
  tokenRule('artifactory-key', 'akcp', 'AKCp[A-Za-z0-9]{60,80}'),
  tokenRule('sonarqube-token', ['squ_', 'sqp_', 'sqa_'], 'sq[upa]_[0-9a-f]{40}'),
  tokenRule('circleci-token', 'ccipat_', 'CCIPAT_[\\w]{20,80}'),
  tokenRule('buildkite-token', ['bkua_', 'bkagent_'], 'bk(?:ua|agent)_[0-9a-f]{40}'),
  tokenRule('linear-key', ['lin_api_', 'lin_oauth_'], 'lin_(?:api|oauth)_[A-Za-z0-9]{32,80}'),
  tokenRule('notion-token', 'ntn_', 'ntn_[A-Za-z0-9]{40,60}'),
  tokenRule('notion-token', 'secret_', 'secret_[A-Za-z0-9]{43}(?![A-Za-z0-9])'),
  tokenRule('figma-token', ['figd_', 'figo_', 'figu_', 'figdr_', 'figor_', 'figur_'], 'fig[dou][rh]?_[\\w-]{30,80}'),
  {
    name: 'airtable-token',
    keywords: ['pat'],
    pattern: /(?<![A-Za-z0-9])pat[A-Za-z0-9]{14}\.[0-9a-f]{64}/,
  },
  namedRule('airtable-key', 'airtable', 'key[A-Za-z0-9]{14}'),
  {
    name: 'asana-token',
    keywords: ['0/', '1/', '2/'],
    pattern: /(?<![A-Za-z0-9/])[0-2]\/\d{13,20}(?:\/\d{13,20})?:[0-9a-z]{32}(?![0-9a-z])/,
  },
  namedRule('asana-secret', 'asana', '[0-9a-f]{32}'),
  tokenRule('postman-key', 'pmak-', 'PMAK-[0-9a-f]{24}-[0-9a-f]{34}'),
  tokenRule('contentful-token', 'cfpat-', 'CFPAT-[\\w-]{40,60}'),
  tokenRule('typeform-token', 'tfp_', 'tfp_[\\w.=-]{40,80}'),
  tokenRule('readme-key', 'rdme_', 'rdme_[a-z0-9]{60,80}'),
  tokenRule('prefect-key', ['pnu_', 'pnb_'], 'pn[ub]_[A-Za-z0-9]{36}'),
  namedRule(
    'code-service-key',
    ['snyk', 'codecov', 'travis', 'drone', 'jenkins', 'jira', 'confluence', 'zendesk', 'intercom', 'trello', 'algolia'],
    '[A-Za-z0-9_=-]{20,64}',
    hasDigit,
  ),
];
