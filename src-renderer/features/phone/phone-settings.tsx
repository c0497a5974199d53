import { useEffect } from 'react';
import { useServices } from '../../app/services.ts';
import { DoctorSection } from './doctor-section.tsx';
import { MobilesSection } from './mobiles-section.tsx';
import { PinSection } from './pin-section.tsx';
import { SetUpSection } from './set-up-section.tsx';
import { TrunksSection } from './trunks-section.tsx';

/** Settings → Phone, above the settings themselves: the exchange, the ways out, the owner's own phones. */
export function PhoneSettings() {
  const { phone, view } = useServices();
  useEffect(() => {
    phone.getState().loadStatus().catch(view.getState().fail);
  }, [phone, view]);
  return (
    <div className="flex flex-col gap-10">
      <SetUpSection />
      <TrunksSection />
      <MobilesSection />
      <PinSection />
    </div>
  );
}

/** Below the settings: what is wrong, and what others need to know. */
export function PhoneCheckUp() {
  return <DoctorSection />;
}
