export { phoneStatistics, statisticsFromMs } from './phone-statistics.ts';
