import { playStories } from './play-stories.ts';
import { RECONCILER_STORIES } from './reconciler-stories.ts';

playStories(RECONCILER_STORIES);
