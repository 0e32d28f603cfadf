import {
  IUniverInstanceService,
  type IWorkbookData,
  LocaleType,
  mergeLocales,
  type Plugin,
  type PluginCtor,
  Univer,
} from '@univerjs/core';
import { FUniver } from '@univerjs/core/facade';
import { UniverSheetsConditionalFormattingPreset } from '@univerjs/preset-sheets-conditional-formatting';
import formattingEnUS from '@univerjs/preset-sheets-conditional-formatting/locales/en-US';
import { ILayoutService, UniverSheetsCorePreset } from '@univerjs/preset-sheets-core';
import coreEnUS from '@univerjs/preset-sheets-core/locales/en-US';
import { UniverSheetsDataValidationPreset } from '@univerjs/preset-sheets-data-validation';
import validationEnUS from '@univerjs/preset-sheets-data-validation/locales/en-US';
import { defaultTheme } from '@univerjs/themes';
import { IMenuManagerService } from '@univerjs/ui';
import { offeredOf } from './univer-limits.ts';

/** Brings Univer up in a place of the page; the only file that knows its presets. */
export function createUniver(container: string, data: Partial<IWorkbookData>, darkMode: boolean) {
  const univer = new Univer({
    theme: defaultTheme,
    darkMode,
    locale: LocaleType.EN_US,
    locales: { [LocaleType.EN_US]: mergeLocales(coreEnUS, validationEnUS, formattingEnUS) },
  });
  const presets = [
    UniverSheetsCorePreset({
      container,
      header: false,
      toolbar: false,
      footer: false,
      formulaBar: true,
      // Every cell is text here: the host decides what it is.
      disableTextFormatAlert: true,
      disableTextFormatMark: true,
      sheets: { disableForceStringAlert: true, disableForceStringMark: true },
    }),
    // A search field would take the keyboard away from the person who types.
    UniverSheetsDataValidationPreset({ showEditOnDropdown: false, showSearchOnDropdown: false }),
    UniverSheetsConditionalFormattingPreset(),
  ];
  for (const { plugins } of presets) {
    for (const entry of plugins) {
      const [plugin, options] = Array.isArray(entry) ? entry : [entry, undefined];
      univer.registerPlugin(plugin as PluginCtor<Plugin>, options as never);
    }
  }
  const api = FUniver.newAPI(univer);
  const unitId = api.createWorkbook(data).getId();
  const injector = univer.__getInjector();
  const menus = injector.get(IMenuManagerService);
  const everything = menus.getMenuByPositionKey.bind(menus);
  menus.getMenuByPositionKey = (position) => offeredOf(everything(position));
  return {
    api,
    /** The keyboard's keys go to the sheet, as after a click into it. */
    focus() {
      injector.get(IUniverInstanceService).focusUnit(unitId);
      injector.get(ILayoutService).focus();
    },
  };
}
