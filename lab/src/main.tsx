import { render } from 'preact';
import './styles.css';
import './timeline/chart.css';
import './cluster/cluster.css';
import 'uplot/dist/uPlot.min.css';
import './charts/charts.css';
import './shop/shop.css';
import { App } from './view/app.js';

const root = document.getElementById('app');
if (root) render(<App />, root);
