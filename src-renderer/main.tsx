import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { createActions } from './app/actions.ts';
import { ActionsProvider } from './app/actions-context.ts';
import { App } from './app/app.tsx';
import { createCommands } from './app/commands.ts';
import { keepLook } from './app/look.ts';
import { createServices, ServicesProvider } from './app/services.ts';
import { joinParts, loadFirst } from './app/start.ts';
import { createBridge } from './bridge/index.ts';
import { createI18n } from './i18n/create-i18n.ts';
import { keepLanguage } from './i18n/keep-language.ts';

const bridge = await createBridge(window);
const services = createServices(bridge);
const actions = createActions(services);
const commands = createCommands(services, actions);
const words = await createI18n(navigator.language.startsWith('de') ? 'de' : 'en');
keepLanguage(words, services);
keepLook(services, (layout) => services.view.setState({ layout }));
joinParts(services, actions, words);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has lost its #root');
createRoot(root).render(
  <I18nextProvider i18n={words}>
    <ServicesProvider value={services}>
      <ActionsProvider value={{ actions, commands }}>
        <App />
      </ActionsProvider>
    </ServicesProvider>
  </I18nextProvider>,
);
loadFirst(services, actions).catch(services.view.getState().fail);
