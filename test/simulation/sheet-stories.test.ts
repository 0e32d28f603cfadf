import { playStories } from './play-stories.ts';
import { SHEET_STORIES } from './sheet-stories.ts';

playStories(SHEET_STORIES);
