import { DOOR_STORIES } from './door-stories.ts';
import { playStories } from './play-stories.ts';

playStories(DOOR_STORIES);
