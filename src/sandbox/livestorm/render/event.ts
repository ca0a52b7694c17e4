import type { EventRecord, FormField } from '../model.ts';
import { schedulingStatus } from '../readings.ts';
import { type State, sessionsOf } from '../state.ts';
import { renderContact } from './person.ts';
import { type Resource, seconds } from './resource.ts';

/** vendor sheet §5.1. */
export function renderEvent(state: State, event: EventRecord): Resource {
  return {
    id: event.id,
    type: 'events',
    attributes: {
      title: event.title,
      slug: event.title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
      registration_link: `https://app.livestorm.co/p/${event.id}`,
      estimated_duration: event.estimatedDurationMinutes,
      registration_page_enabled: true,
      everyone_can_speak: false,
      description: '',
      status: event.publishedAtMs === null ? 'draft' : 'published',
      light_registration_page_enabled: true,
      detailed_registration_page_enabled: true,
      recording_enabled: true,
      recording_public: null,
      show_in_company_page: false,
      chat_enabled: true,
      polls_enabled: true,
      questions_enabled: true,
      language: 'en',
      published_at: seconds(event.publishedAtMs),
      scheduling_status: schedulingStatus(state, event),
      created_at: seconds(event.createdAtMs),
      updated_at: seconds(event.updatedAtMs),
      owner: renderContact(state.contacts.owner),
      sessions_count: sessionsOf(state, event.id).length,
      fields: event.fields.map(renderFormField),
    },
  };
}

function renderFormField(field: FormField, order: number): Record<string, unknown> {
  return {
    id: field.id,
    type: field.type ?? 'text',
    order,
    required: field.required ?? false,
    ...(field.custom ? { custom: true } : {}),
    ...(field.options ? { options: renderOptions(field) } : {}),
  };
}

function renderOptions(field: FormField): Record<string, unknown> {
  const items = (field.options ?? []).map((value) => ({ value }));
  return { items, multiple_answers: field.multipleAnswers ?? false };
}
