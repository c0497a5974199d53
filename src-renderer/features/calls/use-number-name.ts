import { usePhoneBook } from '../../app/services.ts';
import { phoneText } from './phone-text.ts';

/** Who a number is, as far as the phone book has been read; else the number as it is written. */
export function useNumberName(): (number: string) => string {
  const contacts = usePhoneBook((state) => state.contacts);
  return (number) => contacts?.find((contact) => contact.numbers.includes(number))?.name ?? phoneText(number);
}
