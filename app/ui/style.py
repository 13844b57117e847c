"""The one fixed style sheet: only what the theme cannot say. No text of any user ever comes near it."""

from __future__ import annotations

import streamlit as st

from app.web.places import PAGES_SCRIPT

# In one line, for the library looks at each line of what it is given, at every run.
_SHEET = """<style>\
.block-container{padding-top:3.6rem;padding-bottom:4rem;max-width:84rem}\
h1{font-size:1.9rem!important;padding:.2rem 0 .4rem!important}\
h2{font-size:1.35rem!important;padding:.6rem 0 .2rem!important}\
h3{font-size:1.1rem!important;padding:.4rem 0 .1rem!important}\
[role=spinbutton]{display:inline-block;min-width:24px;min-height:24px;text-align:center}\
.st-key-masthead{border-bottom:2px solid #0b4f8a;padding-bottom:.5rem}\
.st-key-masthead>*{flex:4 1 15rem!important;width:auto!important}\
.st-key-masthead>:first-child{flex-grow:5!important}\
.st-key-filters>*,.st-key-filters-more>*{flex:2 1 8.5rem!important;width:auto!important;min-width:8.5rem!important}\
.st-key-filters>:last-child{flex-grow:3!important}\
[class*=st-key-short-]>*{flex:0 1 calc(50% - .5rem)!important;width:calc(50% - .5rem)!important}\
[class*=st-key-point-]>:first-child{flex:0 1 calc(33% - .5rem)!important;width:calc(33% - .5rem)!important}\
[class*=st-key-point-]>:last-child{flex:1 1 60%!important}\
[class*=st-key-rows-] [data-testid=stElementContainer]{margin:0!important}\
[class*=st-key-rows-] [data-testid=stPageLink]{border-bottom:1px solid #d8dbdd}\
[class*=st-key-rows-] [data-testid=stPageLink] a{padding:.2rem .5rem!important;margin:0;\
 min-height:2rem!important;height:auto!important;border-radius:0;background:none}\
[class*=st-key-rows-] a [data-testid=stMarkdownContainer]{margin:0}\
[class*=st-key-rows-] [data-testid=stPageLink] a:hover{background:#f3f2f1}\
[class*=st-key-rows-] [data-testid=stPageLink] a:focus-visible{outline:3px solid #0b4f8a;outline-offset:-3px}\
[class*=st-key-rows-] [data-testid=stPageLink],[class*=st-key-rows-] [data-testid=stPageLink]>*{width:100%}\
[class*=st-key-rows-] [data-testid=stPageLink] a *{max-width:100%;overflow:visible}\
[class*=st-key-rows-] [data-testid=stPageLink] a>*,[class*=st-key-rows-] [data-testid=stPageLink] a div,\
[class*=st-key-rows-] [data-testid=stPageLink] a p{width:100%;flex:1 1 auto}\
[class*=st-key-rows-] [data-testid=stPageLink] a p{\
 display:grid;grid-template-columns:8.2rem minmax(0,1fr) 13.6rem 19rem 9.8rem;gap:.1rem .8rem;\
 margin:0;padding:.15rem 0;\
 white-space:normal!important;align-items:baseline;font-weight:400;line-height:1.35}\
[class*=st-key-rows-] [data-testid=stMarkdownContainer] ul{list-style:none;margin:0;padding:0}\
[class*=st-key-rows-] [data-testid=stMarkdownContainer] ul+p{margin-top:.6rem}\
[class*=st-key-rows-] li{margin:0!important;padding:0;border-bottom:1px solid #d8dbdd}\
[class*=st-key-rows-] li>a,[class*=st-key-rows-] li>p>a{\
 display:grid;grid-template-columns:8.2rem minmax(0,1fr) 13.6rem 19rem 9.8rem;gap:.1rem .8rem;\
 padding:.35rem .5rem;min-height:2rem;align-items:baseline;font-weight:400;line-height:1.35;\
 color:#0b0c0c!important;text-decoration:none!important}\
[class*=st-key-rows-] li a:hover{background:#f3f2f1}\
[class*=st-key-rows-] li a:focus-visible{outline:3px solid #0b4f8a;outline-offset:-3px}\
[class*=st-key-rows-] li a>*{overflow-wrap:anywhere;justify-self:start;line-height:1.35!important}\
[class*=st-key-rows-] p>*{overflow-wrap:anywhere;justify-self:start;line-height:1.35!important}\
[class*=st-key-rows-] a strong{color:#0b4f8a;text-decoration:underline;font-weight:600}\
.st-key-code-here table,[class*=st-key-route-clocks] table{width:100%;font-size:.9rem}\
.st-key-code-here td,.st-key-code-here th,[class*=st-key-route-clocks] td,\
[class*=st-key-route-clocks] th{padding:.2rem .4rem!important;line-height:1.35}\
[class*=st-key-rows-clauses] [data-testid=stPageLink] a p{grid-template-columns:3rem minmax(0,1fr) 6rem 6rem!important}\
[class*=st-key-rows-clauses] a p>:nth-child(2) strong{color:inherit;text-decoration:none}\
[class*=st-key-rows-accounts] [data-testid=stPageLink] a p{\
 grid-template-columns:minmax(7rem,13rem) minmax(0,1fr) minmax(0,1fr) 17rem 8.5rem!important}\
[class*=st-key-rows-plain] [data-testid=stPageLink] a p,[class*=st-key-rows-plain] li a{display:block!important}\
[class*=st-key-rows-count] [data-testid=stPageLink] a p{display:block!important;font-size:1.05rem}\
[class*=st-key-rows-count] [data-testid=stPageLink]{border:1px solid #b1b4b6;border-radius:4px}\
[class*=st-key-rows-count] [data-testid=stPageLink] a{padding:.6rem .9rem!important}\
[class*=st-key-tick-] [data-testid=stPageLink]{flex:1 1 auto}\
.st-key-ledger table{width:100%;font-size:.94rem}\
.st-key-ledger td{padding:.2rem .5rem!important;line-height:1.35}\
.st-key-ledger td:nth-child(3){min-width:13rem}\
@media (min-width:64rem){.st-key-ledger td:first-child,.st-key-ledger td:last-child{white-space:nowrap}}\
[class*=st-key-refused-]{scroll-margin-top:4.5rem}\
[class*=st-key-refused-] [role=alert]:focus{outline:3px solid #0b4f8a;outline-offset:2px}\
.st-key-form label p{color:#505a5f}\
.st-key-form label p::first-line{color:#0b0c0c;font-weight:600}\
[data-testid=stText]{white-space:pre-wrap;overflow-wrap:anywhere;font-family:inherit}\
.st-key-form [data-testid=stVerticalBlock]{gap:.8rem}\
@media (max-width:40rem){\
 [class*=st-key-short-]>*,[class*=st-key-point-]>*{flex-basis:100%!important;width:100%!important}}\
@media (max-width:64rem){\
 [class*=st-key-rows-] [data-testid=stPageLink] a p,[class*=st-key-rows-] li a{\
  grid-template-columns:1fr!important}}\
[data-testid=stElementContainer]:has(script){display:none}\
@media print{\
 header,.st-key-masthead,.st-key-filters,[class*=-queue-more],[data-testid=stToolbar],[data-testid=stElementToolbar]{display:none!important}\
 .block-container{max-width:none;padding:0}\
 [data-testid=stAppViewContainer],[data-testid=stMain]{position:static;overflow:visible;height:auto}\
 [data-testid=stVegaLiteChart],tr{break-inside:avoid}}\
</style>"""


def sheet() -> None:
    """Put the style sheet on the page, and the scripts that open the rows of lists in place and keep "back" true."""
    st.html(f'{_SHEET}<script src="{PAGES_SCRIPT}"></script>', unsafe_allow_javascript=True)
