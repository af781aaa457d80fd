import { render } from 'preact';
import './styles.css';
import './timeline/chart.css';
import './cluster/cluster.css';
import { App } from './view/app.js';

const root = document.getElementById('app');
if (root) render(<App />, root);
