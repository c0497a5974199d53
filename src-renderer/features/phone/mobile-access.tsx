import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallResult } from '../../../src-preload/contract/index.ts';
import { usePhone } from '../../app/services.ts';
import { Button } from '../../ui/button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { CopyButton } from './copy-button.tsx';
import { QrPicture } from './qr-picture.tsx';
import { MOBILE_SCHEMES, mobileSetUp, type MobileScheme } from './mobile-schemes.ts';

/** What a phone needs to register: a picture to be scanned, and the same to be typed. Shown once, because the password lies in the vault from now on. */
export function MobileAccess({ access, onClose }: { access: CallResult<'phone.addMobile'>; onClose: () => void }) {
  const { t } = useTranslation();
  // Of an Asterisk that is there already nobody here knows whether it takes TLS, and where.
  const isOurs = usePhone(({ status }) => status?.source === 'container');
  const [scheme, setScheme] = useState<MobileScheme>('sip');
  const values = [
    ['server', `${access.server}:${access.port}`],
    ['user', access.user],
    ['password', access.password],
  ] as const;
  return (
    <section
      aria-label={t('phone.mobiles.accessTitle', { name: access.mobile.name })}
      className="flex flex-col gap-4 rounded-base border border-needs-you p-4"
    >
      <h3 className="font-semibold">{t('phone.mobiles.accessTitle', { name: access.mobile.name })}</h3>
      <div className="flex flex-wrap items-start gap-6">
        <div className="flex flex-col items-start gap-3">
          <QrPicture text={mobileSetUp(scheme, access)} label={t('phone.mobiles.picture', { name: access.mobile.name })} />
          <Segments
            label={t('phone.mobiles.app')}
            value={scheme}
            choices={MOBILE_SCHEMES.map((value) => ({ value, label: t(`phone.mobiles.apps.${value}`) }))}
            onChange={setScheme}
          />
        </div>
        <div className="min-w-[min(14rem,100%)] flex-1">
          <p className="mb-3 text-small text-quiet">{t('phone.mobiles.scan')}</p>
          <dl className="flex flex-col gap-2.5">
            {values.map(([name, value]) => (
              <div key={name} className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
                <div className="min-w-0">
                  <dt className="text-small text-quiet">{t(`phone.mobiles.values.${name}`)}</dt>
                  <dd className="verbatim">{value}</dd>
                </div>
                <CopyButton text={value} name={t(`phone.mobiles.values.${name}`)} />
              </div>
            ))}
          </dl>
          {isOurs && <p className="mt-3 text-small text-quiet">{t('phone.mobiles.tls', { port: access.port + 1 })}</p>}
        </div>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-[min(12rem,100%)] flex-1 text-small text-needs-you-text">{t('phone.mobiles.once')}</p>
        <Button onClick={onClose}>{t('phone.mobiles.done')}</Button>
      </div>
    </section>
  );
}
