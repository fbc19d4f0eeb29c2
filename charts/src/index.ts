export { chartDocuments, type ChartDocument } from './chart-documents.ts';
export { backendsValues, type BackendsValues } from './values/backends-values.ts';
export { cellValues, type CellValues } from './values/cell-values.ts';
export { operatorValues, type OperatorValues } from './values/operator-values.ts';
